/* A host's addresses, asked for once and waited for no longer than a deadline allows.
 *
 * getaddrinfo(3) knows no deadline, so it runs in a thread that is left alone when the
 * deadline passes. What it finds later is there for who asks again. */
#ifndef LOOKUP_RESOLVE_H
#define LOOKUP_RESOLVE_H

#include "net/deadline.h"

#include <netdb.h>
#include <stdbool.h>

enum { RESOLVE_ADDRESSES_MAX = 16 }; /* of a host; the rest is not tried */

struct resolution;

/* Starts to resolve host and port, both of which must stay. A host that is the name of a
 * service has the addresses of its servers, with their ports (net/srv.h). The result is kept until
 * the program ends. NULL: errno. */
struct resolution *resolve_start(const char *host, const char *port, const struct addrinfo *hints);

/* Waits for it. NULL and its addresses, in the resolver's order, or what went wrong
 * (static text); "timed out" may be followed by another try. */
const char *resolve_wait(struct resolution *resolution, deadline until,
                         const struct addrinfo **list);

/* True if waiting for it takes no time any more. */
bool resolve_is_over(const struct resolution *resolution);

#endif
