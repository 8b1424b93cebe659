/* Datagram sockets: each datagram is a request, each answer one datagram. Every
 * datagram is consumed, whatever is in it, or a superserver would start us for
 * it again and again.
 *
 * Two such services, ours or anybody's, must never keep each other busy (CA-1996-01, UDP
 * port denial of service; CVE-2024-2169), and nobody is to be flooded by way of us. So
 * nothing that is no proper request is answered, nor what starts as our own answers do;
 * no answer goes to port 0 or below 1024, to the service's own port, to or from a
 * multicast or broadcast address; by UDP none is longer than three times its request,
 * both with their headers (RFC 9000, section 8.1); and each passes rate_limit.h. */
#ifndef LOOKUP_DATAGRAM_H
#define LOOKUP_DATAGRAM_H

#include "server/listener.h"
#include "server/rate_limit.h"
#include "server/responder.h"

#include <netinet/in.h>
#include <sys/un.h>

enum { DATAGRAM_BATCH = 64 }; /* received and answered at a time */

/* Buffers for a batch: 4 MiB of address space, of which small datagrams touch
 * some 300 KiB. limit, NULL for none, must stay. */
struct datagrams;
struct datagrams *datagrams_new(struct rate_limit *limit);
void datagrams_free(struct datagrams *d);

/* Answers what has arrived, one batch of it; never blocks. How many datagrams
 * were consumed; -1 errno: they cannot be received, or nothing be sent. */
int datagrams_serve(struct datagrams *d, const struct listener *listener,
                    struct responder *responder);

/* What follows touches no socket; it is declared for the fuzzer. */

enum {
    DATAGRAM_MAX = 65536,      /* bytes of a request: room for any datagram */
    DATAGRAM_ANSWER_MAX = 512, /* bytes; fits into any path unfragmented */
    DATAGRAM_GROWTH = 3,       /* times a request, headers and all, that its answer has */
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
 * False: there is none. */
bool datagram_reply(const struct datagram *datagram, const struct listener *listener,
                    struct responder *responder, struct text *out);

#endif
