/* One of many connections. No function blocks: each does what is possible now, and returns
 * what to wait for. The client sees the same behaviour as from exchange.h, which serves a
 * single connection. */
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
    CONNECTION_BUFFER = 2048,           /* bytes; a longer request is allocated from the budget */
    CONNECTION_READS = 8,               /* calls of recv in a row, if there is more input */
    CONNECTION_OUTBUF = 2 * ANSWER_MAX, /* bytes of answers before they are sent */
    CONNECTION_TURN_MS = 10,       /* a session's turn; after it, other connections come first */
    CONNECTION_TURN_REQUESTS = 16, /* requests between checks of the turn's end */
};

enum want {
    WANT_INPUT,  /* wait for input of a request */
    WANT_OUTPUT, /* wait until the connection is writable */
    WANT_LINGER, /* half-closed: wait until the client closes */
    WANT_CLOSE,  /* close now */
};

struct connection {
    struct event_source source;
    const struct service *service;
    enum want want;
    unsigned events;        /* that epoll watches for; kept by the caller */
    bool session;           /* takes more than one request */
    bool at_eof;            /* the client has closed its side */
    bool close_after_write; /* half-close after unsent; take no further request */
    bool header_due;        /* a proxy must send its header (proxy.h) first */
    bool answered;          /* a request was answered; cleared by the caller */
    deadline until;         /* the deadline of the current want */
    deadline quiet_until;   /* if in the list quiet: when silence ends the request */
    struct link link;       /* in the list by until */
    struct link quiet;      /* in the list by quiet_until */
    struct holder holder;   /* of budget memory; the caller sets its origin (places.h) */
    struct request request;
    struct text unsent;    /* answers not sent yet, allocated from the budget */
    size_t unsent_at;      /* bytes of unsent that are sent by now */
    size_t lingered;       /* bytes discarded in WANT_LINGER */
    size_t header_len;     /* bytes of the proxy's header in buffer */
    size_t header_left;    /* bytes of it behind these, to be discarded */
    union proxy_peer peer; /* the client that the header names */
    char buffer[CONNECTION_BUFFER];
};

/* What connections share. */
struct conn_shared {
    struct responder *responder;
    struct budget budget;
    struct text outbuf;  /* CONNECTION_OUTBUF bytes, empty between calls */
    deadline turn_until; /* of the session that is served now */
};

/* Sets up a connection in WANT_INPUT. session is ignored if the service has no sessions. c then
 * owns fd. */
void connection_start(struct connection *c, int fd, const struct service *service, bool session);

/* Reads the proxy's header. Call it when c is readable and header_due is set. Returns WANT_CLOSE
 * if the header is broken, or else WANT_INPUT. If header_due is then false, input may follow the
 * header: call connection_input. */
enum want connection_header(struct connection *c, struct conn_shared *shared);

/* Reads and answers. Call it when c is readable in WANT_INPUT or WANT_LINGER. */
enum want connection_input(struct connection *c, struct conn_shared *shared);

/* Sends unsent answers and goes on. Call it when c is writable in WANT_OUTPUT. */
enum want connection_output(struct connection *c, struct conn_shared *shared);

/* Ends the request that has begun, by silence (ENDING_QUIET), deadline (ENDING_LATE) or end of
 * input (ENDING_EOF), and answers it. */
enum want connection_end(struct connection *c, struct conn_shared *shared, enum ending ending);

/* Closes the descriptor, frees the connection's memory and removes it from its lists. */
void connection_close(struct connection *c, struct conn_shared *shared);

#endif
