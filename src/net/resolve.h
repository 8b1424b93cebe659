/* Resolves a host to its addresses, and waits for them until a deadline.
 *
 * getaddrinfo(3) has no deadline, so it runs in a thread. If the deadline passes, the
 * thread goes on, and a later wait gets its result. */
#ifndef LOOKUP_RESOLVE_H
#define LOOKUP_RESOLVE_H

#include "net/deadline.h"

#include <netdb.h>
#include <stdbool.h>

enum { RESOLVE_ADDRESSES_MAX = 16 }; /* of a host; others are not tried */

struct resolution;

/* Starts to resolve host and port. If host is the name of a service,
 * the addresses are those of its servers, with their ports (net/srv.h), without those whose names
 * take much longer to resolve than the first one's. The result is kept until the program ends.
 * Returns NULL and sets errno on failure. */
struct resolution *resolve_start(const char *host, const char *port, const struct addrinfo *hints);

/* The same for a host, whatever its name looks like. If is_whole, the resolver appends no domain to
 * the name. The result is kept until resolve_host_leave. */
struct resolution *resolve_host_start(const char *host, const char *port,
                                      const struct addrinfo *hints, bool is_whole);

/* Frees it, as soon as its thread has ended. */
void resolve_host_leave(struct resolution *resolution);

/* Waits for it. Returns NULL and sets *list to the addresses in the resolver's order, or
 * returns what went wrong (static text). After "timed out" it can be called again. */
const char *resolve_wait(struct resolution *resolution, deadline until,
                         const struct addrinfo **list);

/* True if it has finished. */
bool resolve_is_over(const struct resolution *resolution);

#endif
