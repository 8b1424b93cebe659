/* What one datagram is answered, if it is answered at all: no socket is
 * touched here.
 *
 * Two such services must never keep each other busy: no answer goes to port 0
 * or below 1024, to the service's own port, to a multicast or broadcast
 * address, or to what looks like one of our own answers (CA-1996-01, UDP port
 * denial of service); and an answer that is itself a name in the book goes to
 * one peer once a second at most. */
#ifndef LOOKUP_REPLY_H
#define LOOKUP_REPLY_H

#include "mechanism/desk.h"
#include "mechanism/echoes.h"
#include "mechanism/listener.h"

#include <netinet/in.h>
#include <sys/un.h>

enum {
    DATAGRAM_MAX = 65536,      /* bytes of a request: room for any datagram */
    DATAGRAM_ANSWER_MAX = 512, /* bytes; fits into any path unfragmented */
};

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    struct sockaddr_un un;
};

/* A datagram that has come. */
struct datagram {
    union address from;
    socklen_t from_len;
    char *at;
    size_t len;
    bool cut; /* there was more of it */
};

/* Appends the answer to out, which has room for DATAGRAM_ANSWER_MAX bytes.
 * False: it is not to be sent. echoes is what is remembered of this socket. */
bool reply(const struct datagram *datagram, const struct listener *listener, struct desk *desk,
           struct echoes *echoes, struct text *out);

#endif
