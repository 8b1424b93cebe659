/* What the service manager is told: READY, STATUS, WATCHDOG, STOPPING,
 * EXTEND_TIMEOUT_USEC (sd_notify(3)). Without a manager that listens, nothing. */
#ifndef LOOKUP_NOTIFY_H
#define LOOKUP_NOTIFY_H

#include "net/deadline.h"
#include "server/stats.h"

#include <stdbool.h>

struct notify {
    int manager;      /* its socket (NOTIFY_SOCKET); -1: nobody listens */
    int64_t watchdog; /* ms within which it must be fed; 0: there is none */
    deadline next_feed;
    deadline next_status;
    uint64_t told; /* requests in the last status, and its book */
    int64_t told_book;
    bool stopping; /* that was said */
};

/* To be called before the process is confined. */
void notify_ready(struct notify *notify, const struct stats *sum);

/* How often the loop must come round for the watchdog's sake, in ms. */
int64_t notify_heartbeat(const struct notify *notify);

/* To be called each time it does: feeds the watchdog if alive, and tells the
 * status at most once a second, if it has changed. Gives when to call it again
 * for the sake of a change that could not be told yet; INT64_MAX: there is none. */
deadline notify_tick(struct notify *notify, const struct stats *sum, bool alive);

/* Says that it stops, the first time it is called, and that the manager must give it the
 * time for open connections, timeout being that of a request, in ms: EXTEND_TIMEOUT_USEC. A
 * longer TimeoutStopSec= stays as it is. */
void notify_stopping(struct notify *notify, const struct stats *sum, int64_t timeout);

#endif
