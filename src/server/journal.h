/* Writes log lines as structured entries of the systemd journal, with the fields
 * LOOKUP_SERVICE=, LOOKUP_PEER=, LOOKUP_REQUEST= and LOOKUP_RESULT=. The protocol is
 * https://systemd.io/JOURNAL_NATIVE_PROTOCOL. */
#ifndef LOOKUP_JOURNAL_H
#define LOOKUP_JOURNAL_H

/* Sends later log lines to the journal. Call it after log_open. Does nothing if standard error
 * is not connected to the journal (systemd.exec(5), JOURNAL_STREAM), or on error. */
void journal_use(void);

#endif
