#include "server/notify.h"

#include "server/manager.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <systemd/sd-daemon.h>

enum { STATUS_EVERY_MS = 1000, HEARTBEAT_MS = 10000 };

static void notify_tell(const struct notify *notify, const char *message) {
    if (notify->manager >= 0)
        manager_send(notify->manager, span_of(message));
}

static void tell_status(const struct notify *notify, const char *state, const struct stats *sum) {
    char message[256];
    snprintf(message, sizeof(message),
             "%s\nSTATUS=%" PRIu64 " requests: %" PRIu64 " hits, %" PRIu64 " misses, %" PRIu64
             " errors, %" PRIu64 " refused",
             state, stats_requests(sum), stats_results(sum, RESULT_HIT),
             stats_results(sum, RESULT_MISS), stats_results(sum, RESULT_FAULT),
             stats_results(sum, RESULT_REFUSED) + stats_results(sum, RESULT_LATE));
    notify_tell(notify, message);
}

void notify_ready(struct notify *notify) {
    uint64_t usec = 0;
    const char *path = getenv("NOTIFY_SOCKET");
    *notify = (struct notify){.manager = path == NULL ? -1 : manager_connect(path)};
    if (sd_watchdog_enabled(0, &usec) > 0)
        notify->watchdog = (int64_t)(usec / 1000);
    struct stats none = {0};
    tell_status(notify, "READY=1", &none);
}

int64_t notify_heartbeat(const struct notify *notify) {
    return notify->watchdog > 0 ? notify->watchdog / 4 + 1 : HEARTBEAT_MS;
}

deadline notify_tick(struct notify *notify, const struct stats *sum, bool alive) {
    deadline now = deadline_now();
    if (notify->watchdog > 0 && alive && notify->next_feed <= now) {
        notify_tell(notify, "WATCHDOG=1");
        notify->next_feed = now + notify->watchdog / 4;
    }
    if (notify->next_status <= now && stats_requests(sum) != notify->told) {
        tell_status(notify, "", sum);
        notify->told = stats_requests(sum);
        notify->next_status = now + STATUS_EVERY_MS;
    }
    return stats_requests(sum) != notify->told ? notify->next_status : INT64_MAX;
}

void notify_stopping(struct notify *notify, const struct stats *sum) {
    if (!notify->stopping)
        tell_status(notify, "STOPPING=1", sum);
    notify->stopping = true;
}
