/* Sockets that were handed over: each is asked what it is; nothing that is set
 * when a socket is bound is ever changed. */
#ifndef LOOKUP_LISTENER_H
#define LOOKUP_LISTENER_H

#include "server/event_source.h"
#include "services/service.h"

#include <stdbool.h>
#include <sys/socket.h>

struct listener {
    struct source source; /* SOURCE_LISTENER or SOURCE_DATAGRAM */
    const struct service *service;
    int family; /* AF_INET, AF_INET6, AF_UNIX */
    int port;   /* its own, 0 for AF_UNIX */
};

/* Takes the socket fd for service. NULL, or why it cannot be used. */
const char *listener_open(struct listener *listener, int fd, const struct service *service);

/* Accepts one connection, non-blocking, and says where it is from. -1: none now, errno says why:
 * EAGAIN there is none left; EMFILE, ENFILE, ENOMEM, ENOBUFS: not for want of one. */
int listener_accept(const struct listener *listener, struct sockaddr_storage *from);

#endif
