#include "server/notify.h"

#include "server/manager.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <systemd/sd-daemon.h>
#include <time.h>

enum {
    STATUS_EVERY_MS = 1000,
    HEARTBEAT_MS = 10000,
    STOP_BESIDES_MS = 10000, /* for lingering and a busy machine, beside the request's timeout */
};

static void notify_tell(const struct notify *notify, const char *message) {
    if (notify->manager >= 0)
        manager_send(notify->manager, span_of(message));
}

/* Writes the time and not the age. An age would change, and the status be sent, all the time. */
static void put_book(char *out, size_t size, time_t made) {
    struct tm when;
    out[0] = '\0';
    if (made != 0 && gmtime_r(&made, &when) != NULL)
        strftime(out, size, "; book of %Y-%m-%d %H:%M:%S UTC", &when);
}

static void tell_status(const struct notify *notify, const char *state, const struct stats *sum) {
    char message[256];
    char book[64];
    put_book(book, sizeof(book), sum->book);
    snprintf(message, sizeof(message),
             "%s\nSTATUS=%" PRIu64 " requests: %" PRIu64 " hits, %" PRIu64 " misses, %" PRIu64
             " errors, %" PRIu64 " refused%s",
             state, stats_requests(sum), stats_results(sum, RESULT_HIT),
             stats_results(sum, RESULT_MISS), stats_results(sum, RESULT_FAULT),
             stats_results(sum, RESULT_REFUSED) + stats_results(sum, RESULT_LATE), book);
    notify_tell(notify, message);
}

void notify_ready(struct notify *notify, const struct stats *sum) {
    uint64_t usec = 0;
    const char *path = getenv("NOTIFY_SOCKET");
    *notify = (struct notify){.manager = path == NULL ? -1 : manager_connect(path)};
    if (sd_watchdog_enabled(0, &usec) > 0)
        notify->watchdog = (int64_t)(usec / 1000);
    tell_status(notify, "READY=1", sum);
    notify->told_book = sum->book;
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
    bool news = stats_requests(sum) != notify->told || sum->book != notify->told_book;
    if (notify->next_status <= now && news) {
        tell_status(notify, "", sum);
        notify->told = stats_requests(sum);
        notify->told_book = sum->book;
        news = false;
        notify->next_status = now + STATUS_EVERY_MS;
    }
    return news ? notify->next_status : INT64_MAX;
}

void notify_stopping(struct notify *notify, const struct stats *sum, int64_t timeout) {
    char message[64];
    if (notify->stopping)
        return;
    snprintf(message, sizeof(message), "EXTEND_TIMEOUT_USEC=%" PRId64,
             (timeout + STOP_BESIDES_MS) * 1000);
    notify_tell(notify, message);
    tell_status(notify, "STOPPING=1", sum);
    notify->stopping = true;
}
