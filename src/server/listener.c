#include "server/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TRIES = 64 }; /* failed connections to skip in a row */

static int listener_option(int fd, int name) {
    int value = -1;
    socklen_t len = sizeof(value);
    return getsockopt(fd, SOL_SOCKET, name, &value, &len) < 0 ? -1 : value;
}

static int listener_own_port(int fd) {
    struct sockaddr_storage address = {0};
    socklen_t len = sizeof(address);
    void *at = &address;
    if (getsockname(fd, at, &len) < 0)
        return 0;
    if (address.ss_family == AF_INET)
        return ntohs(((struct sockaddr_in *)at)->sin_port);
    if (address.ss_family == AF_INET6)
        return ntohs(((struct sockaddr_in6 *)at)->sin6_port);
    return 0;
}

/* Makes the kernel report the address that a datagram was sent to, so that the answer can
 * come from it (ip(7), RFC 3542, section 6.1). */
static const char *listener_open_datagrams(struct listener *listener) {
    int fd = listener->source.fd;
    int on = 1;
    listener->source.kind = SOURCE_DATAGRAM;
    if (!listener->service->has_datagrams)
        return "this service takes no datagrams";
    if (listener->family == AF_INET6 &&
        setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on)) < 0)
        return strerror(errno);
    /* An IPv6 socket may also receive IPv4 datagrams. It reports their addresses by the
     * IPv6 option. */
    if (listener->family == AF_INET && setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on)) < 0)
        return strerror(errno);
    return NULL;
}

void listener_take_urgent(int fd) {
    int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_OOBINLINE, &on, sizeof(on));
}

/* Another worker may accept a connection that epoll reported to this one. */
static const char *listener_open_stream(struct listener *listener) {
    int fd = listener->source.fd;
    listener->source.kind = SOURCE_LISTENER;
    if (listener_option(fd, SO_ACCEPTCONN) != 1)
        return "is a connection: use lookup-handler";
    if (listener->family != AF_UNIX) {
        struct tcp_info info = {0};
        socklen_t len = sizeof(info);
        listener_take_urgent(fd);
        getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len);
        listener->queued = info.tcpi_unacked; /* for a listening socket this is the queue length */
    }
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
        return strerror(errno);
    return NULL;
}

const char *listener_open(struct listener *listener, int fd, const struct service *service) {
    *listener = (struct listener){.source.fd = fd, .service = service};
    int type = listener_option(fd, SO_TYPE);
    listener->family = listener_option(fd, SO_DOMAIN);
    listener->port = listener_own_port(fd);
    if (type < 0)
        return errno == ENOTSOCK ? "is not a socket" : strerror(errno);
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    if (type == SOCK_STREAM)
        return listener_open_stream(listener);
    if (type == SOCK_DGRAM)
        return listener_open_datagrams(listener);
    return "is neither a stream nor a datagram socket";
}

/* EINVAL is not among them: sending a datagram from a foreign address causes it, too. */
bool listener_is_lost(int error) {
    return error == EBADF || error == ENOTSOCK || error == EFAULT || error == ENOSYS ||
           error == EPIPE || error == EIO;
}

static bool listener_error_passes(int error) {
    return error != EAGAIN && error != EINVAL && !listener_is_lost(error) && error != EMFILE &&
           error != ENFILE && error != ENOMEM && error != ENOBUFS;
}

int listener_accept(const struct listener *listener, struct sockaddr_storage *from) {
    int fd = -1;
    for (int i = 0; i < TRIES && fd < 0; i++) {
        socklen_t len = sizeof(*from);
        from->ss_family = AF_UNIX; /* the kernel sets nothing for a client without a name */
        fd = accept4(listener->source.fd, (struct sockaddr *)from, &len,
                     SOCK_NONBLOCK | SOCK_CLOEXEC);
        /* Other errors belong to one connection that failed in the queue (accept(2)). The
         * next one may be sound. */
        if (fd < 0 && !listener_error_passes(errno))
            return -1;
    }
    return fd;
}

void listeners_close(const struct listener *listeners, size_t count) {
    for (size_t i = 0; i < count; i++)
        close(listeners[i].source.fd);
}
