/* All connections of one worker: their deadlines, and what epoll is to watch.
 * However many are silent, slow or greedy, none delays another. */
#ifndef LOOKUP_CLIENTS_H
#define LOOKUP_CLIENTS_H

#include "server/connection.h"
#include "server/networks.h"
#include "server/places.h"

enum {
    CLIENTS_BUDGET = 3 * 1024 * 1024, /* bytes for long requests and unread answers, in all */
};

struct clients {
    int epoll;
    bool session;
    int64_t timeout; /* of each request, in ms */
    size_t count;
    size_t max;
    const struct networks *proxies; /* whose connections begin with a header (proxy.h) */
    struct places places;
    struct conn_shared shared;
    struct list waiting;   /* for input or output, by deadline */
    struct list answered;  /* since there has been work; epoll was not asked for them */
    struct list lingering; /* ... and their clients have not closed, by deadline but for some ms */
    struct list quiet;     /* those whose request has begun, by quiet_until */
    struct list closed;    /* closed, but events of this round may name them */
};

/* Connections are registered with epoll, their address as data. 0; -1 errno. */
int clients_open(struct clients *clients, int epoll, struct responder *responder);

/* Frees what it holds; no connection may be open. */
void clients_close(struct clients *clients);

/* Takes a connection just accepted, which is from there. At the cap one of the source that
 * holds most places goes, so that nobody takes another's: the one that has been silent for
 * longest, else the one that has had its answer for longest, else the one whose request
 * was begun first. */
void clients_add(struct clients *clients, int fd, const struct sockaddr *from,
                 const struct service *service);

/* epoll says that c is ready. */
void clients_ready(struct clients *clients, struct connection *c);

/* Sees to all deadlines that have passed. */
void clients_expire(struct clients *clients);

/* The earliest deadline of all; until if there is none before it. */
deadline clients_next_deadline(const struct clients *clients, deadline until);

/* From now on each connection is served to the end of one more request. */
void clients_stop_sessions(struct clients *clients);

/* Closes the connection that may best be spared, as clients_add does; false if there is none. */
bool clients_evict(struct clients *clients);

/* Sees to those who were answered, and frees what was closed. To be called when no event
 * is left to be seen to; awake: again before sleeping. */
void clients_reap(struct clients *clients, bool awake);

#endif
