/* The sockets that lookup-server is given, and the connection limit. */
#ifndef LOOKUP_SOCKETS_H
#define LOOKUP_SOCKETS_H

#include "server/listener.h"

enum {
    SOCKETS_MAX = 64,
    SOCKETS_WHY_MAX = 384, /* bytes */
    CONNECTIONS = 1024,    /* the highest connection limit of a worker */
};

/* Opens the sockets from systemd (sd_listen_fds(3)), or else the socket on descriptor 0. A
 * socket's name selects its service. A socket with another name is for service, which may be
 * NULL. Returns the number of sockets, or -1 with a message for the operator in why if a
 * socket cannot be used. */
int sockets_open(const struct service *service, struct listener listeners[SOCKETS_MAX],
                 char why[SOCKETS_WHY_MAX]);

/* Returns the connection limit that the descriptors allow, CONNECTIONS at most. Raises the soft
 * limit of RLIMIT_NOFILE if it is too low and the hard limit allows that. */
size_t sockets_connections(void);

#endif
