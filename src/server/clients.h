/* All connections of one worker: their deadlines, and what epoll is to watch.
 * However many are silent, slow or greedy, none delays another. */
#ifndef LOOKUP_CLIENTS_H
#define LOOKUP_CLIENTS_H

#include "server/connection.h"

enum {
    CROWD_MEMORY = 3 * 1024 * 1024, /* bytes for long requests and unread answers, in all */
};

struct crowd {
    int epoll;
    bool session;
    int64_t timeout; /* of each request, in ms */
    size_t count;
    size_t max;
    struct hall hall;
    struct queue waiting;  /* for input or output, by deadline */
    struct queue answered; /* since there has been work; epoll was not asked for them */
    struct queue draining; /* ... and their clients have not closed, by deadline but for some ms */
    struct queue quiet;    /* those whose request has begun, by quiet_until */
    struct queue closed;   /* closed, but events of this round may name them */
};

/* Connections are registered with epoll, their address as data. 0; -1 errno. */
int crowd_open(struct crowd *crowd, int epoll, struct desk *desk);

/* Frees what it holds; no connection may be open. */
void crowd_close(struct crowd *crowd);

/* Takes a connection just accepted. At the cap, the one that has been silent
 * for longest goes, else the one that has had its answer for longest, else the
 * one whose request was begun first. */
void crowd_add(struct crowd *crowd, int fd, const struct service *service);

/* epoll says that c is ready. */
void crowd_ready(struct crowd *crowd, struct connection *c);

/* Sees to all deadlines that have passed. */
void crowd_expire(struct crowd *crowd);

/* The earliest deadline of all; until if there is none before it. */
deadline crowd_next(const struct crowd *crowd, deadline until);

/* From now on each connection is served to the end of one more request. */
void crowd_wind_up(struct crowd *crowd);

/* Closes the connection that may best be spared; false if there is none. */
bool crowd_evict(struct crowd *crowd);

/* Sees to those who were answered, and frees what was closed. To be called when no event
 * is left to be seen to; awake: again before sleeping. */
void crowd_sweep(struct crowd *crowd, bool awake);

#endif
