/* Connects to a server by TCP or a Unix socket. */
#ifndef LOOKUP_SYNC_DIAL_H
#define LOOKUP_SYNC_DIAL_H

#include "net/deadline.h"

/* Resolves host and connects to port. Divides the time among the addresses. If port is NULL, host
 * is the path of a Unix socket. Returns a descriptor in blocking mode, as libldap expects, or
 * -1 with the reason in *why (static text). */
int dial(const char *host, const char *port, deadline until, const char **why);

#endif
