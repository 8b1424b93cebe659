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
    int family;      /* AF_INET, AF_INET6, AF_UNIX */
    int port;        /* its own, 0 for AF_UNIX */
    unsigned queued; /* connections that were there before it was set for them */
};

/* Takes the socket fd for service. NULL, or why it cannot be used. */
const char *listener_open(struct listener *listener, int fd, const struct service *service);

/* Accepts one connection, non-blocking, and says where it is from. -1: none now, errno says why:
 * EAGAIN there is none left; EMFILE, ENFILE, ENOMEM, ENOBUFS: not for want of one. */
int listener_accept(const struct listener *listener, struct sockaddr_storage *from);

/* Has urgent bytes be part of what is received, and not bytes that are never read, for
 * which the connection would be reset (RFC 6093, section 5). Connections inherit it from
 * a listening socket, but not those that it has queued already. */
void listener_take_urgent(int fd);

/* Gives up this process's share in them, lest it keep a superserver's successor from the
 * address they are bound to. */
void listeners_close(const struct listener *listeners, size_t count);

/* True if errno after accept4(2), recvmmsg(2) or sendmmsg(2) says that the socket, or the
 * call, is of no use any more: it would fail the same way for ever. */
bool listener_is_lost(int error);

#endif
