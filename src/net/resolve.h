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

/* Starts to resolve host and port. host may also name a service (srv_is_service); then the
 * addresses are those of the service's servers, with their own ports. A server whose name takes
 * much longer to resolve than the first one's is left out. The result is kept until the program
 * ends. Returns NULL with errno on failure. */
struct resolution *resolve_start(const char *host, const char *port, const struct addrinfo *hints);

/* The same, but host is never taken for the name of a service. If is_whole, the resolver appends
 * no domain to it. The result is kept until resolve_host_leave. */
struct resolution *resolve_host_start(const char *host, const char *port,
                                      const struct addrinfo *hints, bool is_whole);

/* Frees the resolution, now or when its thread has ended. */
void resolve_host_leave(struct resolution *resolution);

/* Waits until the addresses are known. Returns NULL and sets *list to them, in the resolver's
 * order; or returns what went wrong, a static text. After "timed out" it can be called again. */
const char *resolve_wait(struct resolution *resolution, deadline until,
                         const struct addrinfo **list);

/* Returns true if resolve_wait would not have to wait. */
bool resolve_is_over(const struct resolution *resolution);

#endif
