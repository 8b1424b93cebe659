/* All connections of one worker: their deadlines, and the events that epoll watches for.
 * A silent, slow or greedy client does not delay another one. */
#ifndef LOOKUP_CLIENTS_H
#define LOOKUP_CLIENTS_H

#include "server/connection.h"
#include "server/networks.h"
#include "server/places.h"

enum {
    CLIENTS_BUDGET = 3 * 1024 * 1024, /* bytes, for long requests and unread answers of all */
};

struct clients {
    int epoll;
    bool session;
    int64_t timeout; /* of each request, in ms */
    size_t count;
    size_t max;                     /* the connection limit */
    const struct networks *proxies; /* connections from here begin with a header (proxy.h) */
    struct places places;
    struct conn_shared shared;
    struct list waiting;   /* for input or output, by deadline */
    struct list unwatched; /* lingering, not yet watched by epoll */
    struct list lingering; /* lingering, watched by epoll; by deadline within some ms */
    struct list quiet;     /* idle within a request, by quiet_until */
    struct list closed;    /* closed, freed by clients_reap: pending events may point to them */
};

/* Starts without connections. Each one is added to epoll with its address as the event's data.
 * Returns 0, or -1 with errno. */
int clients_open(struct clients *clients, int epoll, struct responder *responder);

/* Frees the memory. No connection may be open. */
void clients_close(struct clients *clients);

/* Adds the accepted connection fd, whose peer is from. At the connection limit it evicts another
 * connection first (clients_evict). Without memory it closes fd. */
void clients_add(struct clients *clients, int fd, const struct sockaddr *from,
                 const struct service *service);

/* Handles an event for c. A connection that is closed already is ignored. */
void clients_ready(struct clients *clients, struct connection *c);

/* Handles every deadline that has passed. */
void clients_expire(struct clients *clients);

/* Returns the earliest deadline, or until if no deadline is before it. */
deadline clients_next_deadline(const struct clients *clients, deadline until);

/* Ends all sessions: each connection is closed after one more request. */
void clients_stop_sessions(struct clients *clients);

/* Closes one connection of the origin (places.h) that has most connections, so that no origin
 * can take the places of others. Prefers the connection that has been idle for longest without
 * a request, then the one that has lingered for longest, then the one that has the oldest
 * request. Returns false if there is no connection to close. */
bool clients_evict(struct clients *clients);

/* Looks at the unwatched connections and frees the closed ones. Call it when no event is left to
 * handle. awake: it will be called again before the loop sleeps. */
void clients_reap(struct clients *clients, bool awake);

#endif
