/* Datagram sockets: each datagram is a request, each answer one datagram.
 *
 * Every datagram is consumed, whatever is in it, or a superserver would start
 * us for it again and again. Two such services must never keep each other
 * busy: no answer goes to port 0 or below 1024, to this socket's own port, to
 * a multicast or broadcast address, or to what looks like one of our own
 * answers (CA-1996-01, UDP port denial of service); and an answer that is
 * itself a name in the book goes to one peer once a second at most. */
#ifndef LOOKUP_DATAGRAM_H
#define LOOKUP_DATAGRAM_H

#include "mechanism/desk.h"
#include "mechanism/listener.h"

enum {
    DATAGRAM_ANSWER_MAX = 512, /* bytes; fits into any path unfragmented */
    DATAGRAM_BATCH = 32,       /* received and answered at a time */
};

/* Buffers for a batch: 2 MiB of address space, of which small datagrams touch
 * some 100 KiB. */
struct datagrams;
struct datagrams *datagrams_new(void);
void datagrams_free(struct datagrams *d);

/* Answers what has arrived, one batch of it; never blocks. How many datagrams
 * were consumed. */
int datagrams_serve(struct datagrams *d, const struct listener *listener, struct desk *desk);

#endif
