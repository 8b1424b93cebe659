/* Datagram sockets: each datagram is a request, each answer one datagram, as
 * reply.h has it. Every datagram is consumed, whatever is in it, or a
 * superserver would start us for it again and again. */
#ifndef LOOKUP_DATAGRAM_H
#define LOOKUP_DATAGRAM_H

#include "mechanism/desk.h"
#include "mechanism/listener.h"

enum { DATAGRAM_BATCH = 64 }; /* received and answered at a time */

/* Buffers for a batch: 4 MiB of address space, of which small datagrams touch
 * some 300 KiB. */
struct datagrams;
struct datagrams *datagrams_new(void);
void datagrams_free(struct datagrams *d);

/* Answers what has arrived, one batch of it; never blocks. How many datagrams
 * were consumed. */
int datagrams_serve(struct datagrams *d, const struct listener *listener, struct desk *desk);

#endif
