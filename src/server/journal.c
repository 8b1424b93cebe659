#include "server/journal.h"

#include "net/log.h"

#include <syslog.h>

/* The line of this file is no news to anybody. */
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

static void send_fault(const char *line) {
    sd_journal_send("MESSAGE=%s", line, "PRIORITY=%i", LOG_ERR, NULL);
}

static void send_request(const char *line, const struct log_request *request) {
    sd_journal_send("MESSAGE=%s", line, "PRIORITY=%i", LOG_NOTICE, "LOOKUP_SERVICE=%s",
                    request->service, "LOOKUP_PEER=%s", request->peer, "LOOKUP_REQUEST=%.*s",
                    (int)request->asked.len, request->asked.at, "LOOKUP_RESULT=%s", request->result,
                    NULL);
}

void journal_use(void) {
    static const struct log_sink sink = {send_fault, send_request};
    if (log_is_journal())
        log_use(&sink);
}
