#include "sync/dial.h"

#include "net/resolve.h"
#include "net/self_connect.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum {                       /* milliseconds */
       RESOLVE_TIME = 10000, /* the resolver waits 5 s before it asks its second name server */
       CONNECT_TIME = 3000,
};

/* Keepalive: a peer that disappears without closing is detected within 90 seconds. */
enum { KEEP_IDLE = 45, KEEP_INTERVAL = 15, KEEP_COUNT = 3, KEEP_SENDING = 60000 };

static void keep_alive(int fd) {
    int on = 1;
    int idle = KEEP_IDLE;
    int interval = KEEP_INTERVAL;
    int count = KEEP_COUNT;
    int sending = KEEP_SENDING;
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof(idle));
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof(interval));
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &count, sizeof(count));
    setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &sending, sizeof(sending));
}

static const char *connect_until(int fd, const struct sockaddr *address, socklen_t len,
                                 deadline until) {
    int error = 0;
    socklen_t size = sizeof(error);
    if (connect(fd, address, len) == 0)
        return NULL;
    if (errno != EINPROGRESS)
        return strerror(errno);
    int ready = deadline_wait(fd, POLLOUT, until);
    if (ready == 0)
        return "connecting timed out";
    if (ready < 0 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0)
        return strerror(errno);
    return error == 0 ? NULL : strerror(error);
}

static int dial_address(const struct sockaddr *address, socklen_t len, deadline until,
                        const char **why) {
    int fd = socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    *why = fd < 0 ? strerror(errno) : connect_until(fd, address, len, until);
    if (*why == NULL && is_self_connected(fd))
        *why = strerror(ECONNREFUSED);
    if (*why == NULL && fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK) < 0)
        *why = strerror(errno);
    if (*why == NULL) {
        if (address->sa_family != AF_UNIX)
            keep_alive(fd);
        return fd;
    }
    if (fd >= 0)
        close(fd);
    return -1;
}

static int dial_path(const char *path, deadline until, const char **why) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t len = strlen(path);
    *why = strerror(ENAMETOOLONG);
    if (len >= sizeof(address.sun_path))
        return -1;
    memcpy(address.sun_path, path, len + 1);
    return dial_address((struct sockaddr *)&address, sizeof(address), until, why);
}

/* The deadline for this address: the time left is divided evenly between it and those
 * after it. */
static deadline dial_share(const struct addrinfo *address, deadline until) {
    int64_t addresses = 0;
    for (; address != NULL; address = address->ai_next)
        addresses++;
    deadline now = deadline_now();
    return now + (until - now) / addresses;
}

static int dial_each(const struct addrinfo *list, deadline until, const char **why) {
    int fd = -1;
    for (const struct addrinfo *one = list; one != NULL && fd < 0; one = one->ai_next)
        fd = dial_address(one->ai_addr, one->ai_addrlen, dial_share(one, until), why);
    return fd;
}

static int dial_host(const struct dial *to, deadline until, const char **why) {
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG};
    const struct addrinfo *list = NULL;
    struct resolution *host = resolve_host_start(to->host, to->port, &hints, to->is_whole_name);
    if (host == NULL) {
        *why = strerror(errno);
        return -1;
    }
    *why = resolve_wait(host, deadline_first(deadline_in(RESOLVE_TIME), until), &list);
    if (*why != NULL && !resolve_is_over(host))
        *why = "resolving its name timed out";
    int fd =
        *why != NULL ? -1 : dial_each(list, deadline_first(deadline_in(CONNECT_TIME), until), why);
    resolve_host_leave(host);
    return fd;
}

int dial(const struct dial *to, deadline until, const char **why) {
    if (to->port == NULL)
        return dial_path(to->host, deadline_first(deadline_in(CONNECT_TIME), until), why);
    return dial_host(to, until, why);
}
