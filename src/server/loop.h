/* One worker: takes what arrives at its sockets until nobody asks any more. */
#ifndef LOOKUP_LOOP_H
#define LOOKUP_LOOP_H

#include "server/clients.h"
#include "server/datagram.h"
#include "server/listener.h"

struct loop_options {
    const struct listener *listeners;
    size_t listener_count;
    bool shared;    /* with other workers: wake one of them only */
    bool busy_poll; /* for the next event before sleeping: others can run meanwhile */
    bool session;
    int64_t timeout;          /* of each request, in ms */
    int64_t idle;             /* leave after this long without work; 0: never */
    struct rate_limit *limit; /* of answers by datagram; NULL: none */
    struct networks proxies;  /* whose connections begin with a header (proxy.h) */
    size_t connections;       /* open at a time, at most */
    int64_t heartbeat;        /* come round at least this often, in ms */
    /* called each time it does, and again by the moment it gives; stopping: SIGTERM has come */
    deadline (*on_tick)(void *context, bool stopping);
    void *context;
};

/* Confines the process to what serving takes (confine.h), which must be all that it does
 * from then on. Serves until idle or SIGTERM (which must be blocked; so must SIGINT). Then
 * no connection is accepted any more, and those that are open are served to their end.
 * 0; -1 errno: it could not begin; 1: a call failed that will not succeed again, which was
 * logged. */
int loop_run(const struct loop_options *options, struct responder *responder);

#endif
