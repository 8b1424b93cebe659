/* The event loop of one worker: it serves its sockets until it is idle or is stopped. */
#ifndef LOOKUP_LOOP_H
#define LOOKUP_LOOP_H

#include "server/clients.h"
#include "server/datagram.h"
#include "server/listener.h"

struct loop_options {
    const struct listener *listeners;
    size_t listener_count;
    bool shared;    /* other workers have the same sockets; an event wakes only one */
    bool busy_poll; /* polls some times before it sleeps; other processors are free */
    bool session;
    int64_t timeout;          /* of each request, in ms */
    int64_t idle;             /* ends after so many ms without work; 0: never */
    struct rate_limit *limit; /* of answers by datagram; NULL: none */
    struct networks proxies;  /* whose connections begin with a header (proxy.h) */
    size_t connections;       /* open at a time, at most */
    int64_t heartbeat;        /* longest time between two ticks, in ms */
    /* Called at each tick. Returns when the next one is due at the latest. stopping: SIGTERM
     * or SIGINT has arrived, or a call has failed permanently. */
    deadline (*on_tick)(void *context, bool stopping);
    void *context;
};

/* Confines the process to the system calls that serving needs (confine.h), so it can do
 * nothing else afterwards. The caller must have blocked SIGTERM and SIGINT. Serves until it is
 * idle or gets one of them. After a signal it accepts no more connections and serves the open
 * ones to their end. Returns 0; -1 with errno if it could not begin; 1 if a call failed
 * permanently, which was logged. */
int loop_run(const struct loop_options *options, struct responder *responder);

#endif
