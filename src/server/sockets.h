/* The sockets that lookup-server is given, and how much may come by them. */
#ifndef LOOKUP_SOCKETS_H
#define LOOKUP_SOCKETS_H

#include "server/listener.h"

enum {
    SOCKETS_MAX = 64,
    SOCKETS_WHY_MAX = 384, /* bytes */
    CONNECTIONS = 1024,    /* of a worker, open at a time */
};

/* Takes what systemd hands over (sd_listen_fds(3)), else the one socket on
 * descriptor 0. A socket is for the service it is named after, else for service,
 * which may be NULL. Returns how many there are, or -1 and in why a sentence for
 * the operator: a socket cannot be used. */
int sockets_open(const struct service *service, struct listener listeners[SOCKETS_MAX],
                 char why[SOCKETS_WHY_MAX]);

/* How many connections there may be descriptors for, CONNECTIONS at most;
 * raises the soft limit where that helps. */
size_t sockets_connections(void);

#endif
