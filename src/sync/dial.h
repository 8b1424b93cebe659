/* A connection to a server's address, TCP or a Unix socket. */
#ifndef LOOKUP_SYNC_DIAL_H
#define LOOKUP_SYNC_DIAL_H

#include "net/deadline.h"

/* Connects to host and port, resolving included, each address having its share of
 * the time; with port NULL host is the path of a Unix socket. The descriptor
 * blocks, since libldap expects it to. -1, and *why (static text). */
int dial(const char *host, const char *port, deadline until, const char **why);

#endif
