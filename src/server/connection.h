/* One connection of many, never blocking: each function does what can be done
 * at once and says what to wait for. What a client sees is what exchange.h
 * does for a connection alone. */
#ifndef LOOKUP_CONNECTION_H
#define LOOKUP_CONNECTION_H

#include "net/deadline.h"
#include "net/exchange.h"
#include "server/budget.h"
#include "server/event_source.h"
#include "server/list.h"
#include "server/proxy.h"
#include "server/responder.h"

enum {
    CONNECTION_BUFFER = 2048,           /* of each; more is taken from memory */
    CONNECTION_READS = 8,               /* in a row from one that has more */
    CONNECTION_OUTBUF = 2 * ANSWER_MAX, /* room for answers before they are sent */
    CONNECTION_TURN_MS = 10,            /* of a session that has more; then others have theirs */
    CONNECTION_TURN_REQUESTS = 4,       /* between looks at the clock */
};

enum want {
    WANT_INPUT,  /* of a request */
    WANT_OUTPUT, /* the client is to read */
    WANT_LINGER, /* it was answered; now it is to close */
    WANT_CLOSE,  /* it is over */
};

struct connection {
    struct source source;
    const struct service *service;
    enum want want;
    unsigned events;        /* what epoll was asked for, for the caller to keep */
    bool session;           /* more than one request */
    bool at_eof;            /* the client has ended its side */
    bool close_after_write; /* no further request will be answered */
    bool header_due;        /* a proxy is to say first whose connection this is (proxy.h) */
    bool answered;          /* a request was, since the caller last cleared this */
    deadline until;         /* for what is wanted now */
    deadline quiet_until;   /* with link quiet: when a request ends by silence */
    struct link link;       /* in the list by until */
    struct link quiet;      /* in the list by quiet_until */
    struct holder holder;   /* of memory, and its source (places.h), which the caller sets */
    struct request request;
    struct text unsent; /* answers not sent yet, from memory */
    size_t unsent_at;   /* ... of which this much is */
    size_t lingered;
    size_t header_len;     /* bytes of the proxy's header that have come, in buffer */
    union proxy_peer peer; /* whom it named */
    char buffer[CONNECTION_BUFFER];
};

/* What connections share. */
struct conn_shared {
    struct responder *responder;
    struct budget budget;
    struct text outbuf;  /* CONNECTION_OUTBUF bytes, empty between calls */
    deadline turn_until; /* of the session at hand */
};

void connection_start(struct connection *c, int fd, const struct service *service, bool session);

/* The connection can be read, while the proxy's header is due. WANT_INPUT: it still is, or it is
 * not any more and input may have come behind it. */
enum want connection_header(struct connection *c, struct conn_shared *shared);

/* The connection can be read, while WANT_INPUT or WANT_LINGER. */
enum want connection_input(struct connection *c, struct conn_shared *shared);

/* It can be written, while WANT_OUTPUT. */
enum want connection_output(struct connection *c, struct conn_shared *shared);

/* The request that has begun ends here, by silence or by its deadline. */
enum want connection_end(struct connection *c, struct conn_shared *shared, enum ending ending);

/* Closes, and gives back what it holds. */
void connection_close(struct connection *c, struct conn_shared *shared);

#endif
