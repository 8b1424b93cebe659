/* Datagram sockets: each datagram is a request, each answer one datagram. Every
 * datagram is consumed, whatever is in it, or a superserver would start us for
 * it again and again.
 *
 * Two such services must never keep each other busy: no answer goes to port 0
 * or below 1024, to the service's own port, to a multicast or broadcast
 * address, or to what looks like one of our own answers (CA-1996-01, UDP port
 * denial of service); and an answer that is itself a name in the book goes to
 * one peer once a second at most. */
#ifndef LOOKUP_DATAGRAM_H
#define LOOKUP_DATAGRAM_H

#include "net/deadline.h"
#include "server/listener.h"
#include "server/responder.h"

#include <netinet/in.h>
#include <sys/un.h>

enum { DATAGRAM_BATCH = 64 }; /* received and answered at a time */

/* Buffers for a batch: 4 MiB of address space, of which small datagrams touch
 * some 300 KiB. */
struct datagrams;
struct datagrams *datagrams_new(void);
void datagrams_free(struct datagrams *d);

/* Answers what has arrived, one batch of it; never blocks. How many datagrams
 * were consumed. */
int datagrams_serve(struct datagrams *d, const struct listener *listener,
                    struct responder *responder);

/* What follows touches no socket; it is declared for the fuzzer. */

/* Who was lately sent an answer that could come back as a question. */
enum {
    ECHOES = 256,     /* peers remembered; two may have to share a place */
    ECHOES_MS = 1000, /* for how long */
};

struct echoes {
    deadline until[ECHOES];
};

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
bool datagram_reply(const struct datagram *datagram, const struct listener *listener,
                    struct responder *responder, struct echoes *echoes, struct text *out);

#endif
