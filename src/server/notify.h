/* Messages to the service manager: READY, STATUS, WATCHDOG, STOPPING and
 * EXTEND_TIMEOUT_USEC (sd_notify(3)). Without NOTIFY_SOCKET nothing is sent. */
#ifndef LOOKUP_NOTIFY_H
#define LOOKUP_NOTIFY_H

#include "net/deadline.h"
#include "server/stats.h"

#include <stdbool.h>

struct notify {
    int manager;      /* its socket (NOTIFY_SOCKET), or -1 */
    int64_t watchdog; /* its timeout in ms; 0: no watchdog */
    deadline next_feed;
    deadline next_status;
    uint64_t told;     /* requests in the last status */
    int64_t told_book; /* the book's time in the last status */
    bool stopping;     /* STOPPING was sent */
};

/* Connects to the manager and sends READY. Call it before the process enters its sandbox. */
void notify_ready(struct notify *notify, const struct stats *sum);

/* Returns how often to call notify_tick at least, in ms: for the watchdog four times per timeout.
 */
int64_t notify_heartbeat(const struct notify *notify);

/* Feeds the watchdog if alive is set. Sends the status if it has changed, at most once a
 * second. Call it in each round of the loop. Returns when to call it again to send a change
 * that came too early, or INT64_MAX if there is none. */
deadline notify_tick(struct notify *notify, const struct stats *sum, bool alive);

/* Sends STOPPING and EXTEND_TIMEOUT_USEC, the first time it is called. The latter asks for enough
 * time to finish open connections. timeout is that of a request, in ms. It does not shorten a
 * longer TimeoutStopSec=. */
void notify_stopping(struct notify *notify, const struct stats *sum, int64_t timeout);

#endif
