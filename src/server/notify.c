#include "server/notify.h"

#include <inttypes.h>
#include <stdlib.h>
#include <systemd/sd-daemon.h>

enum { STATUS_EVERY_MS = 1000, BEAT_MS = 10000 };

static void tell_status(const char *state, const struct stats *sum) {
    sd_notifyf(0,
               "%s\nSTATUS=%" PRIu64 " requests: %" PRIu64 " hits, %" PRIu64 " misses, %" PRIu64
               " errors, %" PRIu64 " refused",
               state, stats_requests(sum), sum->results[RESULT_HIT], sum->results[RESULT_MISS],
               sum->results[RESULT_FAULT],
               sum->results[RESULT_REFUSED] + sum->results[RESULT_LATE]);
}

void report_ready(struct report *report) {
    uint64_t usec = 0;
    *report = (struct report){0};
    if (sd_watchdog_enabled(0, &usec) > 0)
        report->watchdog = (int64_t)(usec / 1000);
    struct stats none = {0};
    tell_status("READY=1", &none);
}

int64_t report_beat(const struct report *report) {
    return report->watchdog > 0 ? report->watchdog / 4 + 1 : BEAT_MS;
}

void report_round(struct report *report, const struct stats *sum, bool alive) {
    deadline now = deadline_now();
    if (report->watchdog > 0 && alive && report->next_feed <= now) {
        sd_notify(0, "WATCHDOG=1");
        report->next_feed = now + report->watchdog / 4;
    }
    if (report->next_status <= now && stats_requests(sum) != report->told) {
        tell_status("", sum);
        report->told = stats_requests(sum);
        report->next_status = now + STATUS_EVERY_MS;
    }
}

void report_stopping(struct report *report, const struct stats *sum) {
    if (!report->stopping)
        tell_status("STOPPING=1", sum);
    report->stopping = true;
}
