/* The client's side of an exchange: connect, send, receive. */
#ifndef LOOKUP_ASK_H
#define LOOKUP_ASK_H

#include "data/bytes.h"
#include "net/deadline.h"

#include <stdbool.h>

/* Where to ask. */
struct ask_target {
    const char *path; /* a Unix socket; else NULL, and host and port count */
    const char *host;
    const char *port;
    int family; /* AF_UNSPEC, AF_INET or AF_INET6 */
    bool datagram;
};

/* What to do at each step of the way; may be NULL. */
struct ask_steps {
    void (*connected)(void);
    void (*sending)(void);
};

/* Sends request and appends the answer, all there is up to EOF (one datagram
 * with datagram), to answer. Tries each address that host has until one can
 * be connected to; a blackhole takes no more than its share of the time.
 * NULL, or what went wrong (static text). */
const char *ask(const struct ask_target *target, struct span request, deadline until,
                const struct ask_steps *steps, struct text *answer);

#endif
