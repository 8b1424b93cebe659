/* Log lines as structured entries of the systemd journal, where there is one:
 * LOOKUP_SERVICE=, LOOKUP_PEER=, LOOKUP_REQUEST=, LOOKUP_RESULT=. Its protocol is that of
 * https://systemd.io/JOURNAL_NATIVE_PROTOCOL. */
#ifndef LOOKUP_JOURNAL_H
#define LOOKUP_JOURNAL_H

/* To be called after log_open. Does nothing unless standard error leads to the
 * journal (systemd.exec(5), JOURNAL_STREAM). */
void journal_use(void);

#endif
