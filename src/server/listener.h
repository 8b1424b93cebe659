/* Sockets from a superserver. The kernel tells what each one is. Settings that belong to
 * binding a socket are never changed. */
#ifndef LOOKUP_LISTENER_H
#define LOOKUP_LISTENER_H

#include "server/event_source.h"
#include "services/service.h"

#include <stdbool.h>
#include <sys/socket.h>

struct listener {
    struct event_source source; /* SOURCE_LISTENER or SOURCE_DATAGRAM */
    const struct service *service;
    int family;      /* AF_INET, AF_INET6, AF_UNIX */
    int port;        /* its own, 0 for AF_UNIX */
    unsigned queued; /* connections that were queued before its options were set */
};

/* Prepares the socket fd for service. Returns NULL, or why it cannot be used. */
const char *listener_open(struct listener *listener, int fd, const struct service *service);

/* Accepts one connection, non-blocking, and sets its peer's address. Returns its descriptor, or
 * -1 with errno: EAGAIN if none is waiting; EMFILE, ENFILE, ENOMEM or ENOBUFS if there is no
 * room for one; EINVAL or a permanent error (listener_is_lost) if it can never accept; any other
 * if many connections in a row had failed. */
int listener_accept(const struct listener *listener, struct sockaddr_storage *from);

/* Makes urgent data part of the stream (RFC 6093, section 5). Otherwise it is never read,
 * and unread data resets the connection on close. Connections inherit this from a
 * listening socket, except those that are queued already. */
void listener_take_urgent(int fd);

/* Closes this process's copies, so that they do not keep the address in use when a new
 * superserver wants to bind it. */
void listeners_close(const struct listener *listeners, size_t count);

/* True if this errno of accept4(2), recvmmsg(2) or sendmmsg(2) is permanent: the call would
 * fail in the same way each time. */
bool listener_is_lost(int error);

#endif
