/* Datagram sockets: each datagram is a request, and each answer is one datagram. Every
 * datagram is consumed, whatever it contains. Otherwise a superserver would start this
 * process for it again and again.
 *
 * Two such services must never keep each other busy (CA-1996-01, UDP port denial of
 * service; CVE-2024-2169), and nobody may use this one to flood a third party. So these
 * get no answer: what is not a valid request; what starts like one of our own answers; a
 * sender at a port below 1024 or at the service's own port; a multicast or broadcast
 * address on either side. Over UDP an answer is at most three times as long as its
 * request, both with their headers (RFC 9000, section 8.1). The rate is limited by
 * rate_limit.h. */
#ifndef LOOKUP_DATAGRAM_H
#define LOOKUP_DATAGRAM_H

#include "server/listener.h"
#include "server/rate_limit.h"
#include "server/responder.h"

#include <netinet/in.h>
#include <sys/un.h>

enum { DATAGRAM_BATCH = 64 }; /* datagrams received and answered at a time */

/* Buffers for a batch: 4 MiB of address space, of which small datagrams use about
 * 300 KiB. limit may be NULL for no limit; it must outlive the buffers. */
struct datagrams;
struct datagrams *datagrams_new(struct rate_limit *limit);
void datagrams_free(struct datagrams *d);

/* Answers one batch of the datagrams that have arrived; never blocks. Returns how many
 * were consumed, or -1 with errno if none can be received or sent. */
int datagrams_serve(struct datagrams *d, const struct listener *listener,
                    struct responder *responder);

/* The rest uses no socket. It is declared here for the fuzzer. */

enum {
    DATAGRAM_MAX = 65536,      /* bytes of a request: room for any datagram */
    DATAGRAM_ANSWER_MAX = 512, /* bytes; fits into any path unfragmented */
    /* An answer with its headers is at most this many times its request with headers. */
    DATAGRAM_GROWTH = 3,
};

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    struct sockaddr_un un;
};

/* A datagram that was received. */
struct datagram {
    union address from;
    socklen_t from_len;
    char *at;
    size_t len;
    bool cut; /* it was longer than the buffer */
};

/* Appends the answer to out, which has room for DATAGRAM_ANSWER_MAX bytes. Returns false if
 * no answer may be sent. */
bool datagram_reply(const struct datagram *datagram, const struct listener *listener,
                    struct responder *responder, struct text *out);

#endif
