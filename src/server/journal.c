#include "server/journal.h"

#include "net/log.h"
#include "server/manager.h"

#include <endian.h>
#include <stdint.h>
#include <syslog.h>

enum { ENTRY_MAX = 64 * 1024 }; /* bytes: a line and a request, both escaped */

static int journal = -1; /* the socket; global, because a log sink's callbacks take no context */

/* Uses the form with a length, in which a value may hold any bytes, line ends too. */
static void put_field(struct text *out, struct span name, struct span value) {
    uint64_t len = htole64(value.len);
    text_put(out, name);
    text_put(out, SPAN("\n"));
    text_put(out, (struct span){(const char *)&len, sizeof(len)});
    text_put(out, value);
    text_put(out, SPAN("\n"));
}

static void put_line(struct text *out, const char *line, int priority) {
    const char digit = (char)('0' + priority);
    put_field(out, SPAN("MESSAGE"), span_of(line));
    put_field(out, SPAN("PRIORITY"), (struct span){&digit, 1});
    put_field(out, SPAN("SYSLOG_IDENTIFIER"), SPAN("lookup-server"));
}

static bool send_entry(const struct text *entry) {
    return !entry->full && manager_send(journal, text_span(entry)) == 0;
}

static bool send_fault(const char *line) {
    char bytes[ENTRY_MAX];
    struct text entry = {.at = bytes, .cap = sizeof(bytes)};
    put_line(&entry, line, LOG_ERR);
    return send_entry(&entry);
}

static bool send_request(const char *line, const struct log_request *request) {
    char bytes[ENTRY_MAX];
    struct text entry = {.at = bytes, .cap = sizeof(bytes)};
    put_line(&entry, line, LOG_NOTICE);
    put_field(&entry, SPAN("LOOKUP_SERVICE"), span_of(request->service));
    put_field(&entry, SPAN("LOOKUP_PEER"), span_of(request->peer));
    put_field(&entry, SPAN("LOOKUP_REQUEST"), request->asked);
    put_field(&entry, SPAN("LOOKUP_RESULT"), span_of(request->result));
    return send_entry(&entry);
}

void journal_use(void) {
    static const struct log_sink sink = {send_fault, send_request};
    if (log_is_journal())
        journal = manager_connect("/run/systemd/journal/socket");
    if (journal >= 0)
        log_use(&sink);
}
