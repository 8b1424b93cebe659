#include "sync/dial.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

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

/* A running request of getaddrinfo_a(3), which resolves in a thread of its own. */
struct resolving {
    struct gaicb request;
    struct addrinfo hints;
    char host[256];
    char port[8];
};

static struct resolving *resolving_new(const char *host, const char *port) {
    struct resolving *new = calloc(1, sizeof(*new));
    if (new == NULL)
        return NULL;
    new->hints = (struct addrinfo){.ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG};
    snprintf(new->host, sizeof(new->host), "%s", host);
    snprintf(new->port, sizeof(new->port), "%s", port);
    new->request.ar_name = new->host;
    new->request.ar_service = new->port;
    new->request.ar_request = &new->hints;
    return new;
}

/* Returns 0, or an error of getaddrinfo(3). */
static int resolving_wait(struct resolving *resolving, deadline until) {
    struct gaicb *one[] = {&resolving->request};
    const struct gaicb *const list[] = {&resolving->request};
    int error = getaddrinfo_a(GAI_NOWAIT, one, 1, NULL);
    while (error == 0 && (error = gai_error(one[0])) == EAI_INPROGRESS) {
        deadline left = until - deadline_now();
        struct timespec wait = {left / 1000, (long)(left % 1000 * 1000000)};
        if (left <= 0)
            return EAI_INPROGRESS;
        error = gai_suspend(list, 1, &wait) == EAI_SYSTEM ? EAI_SYSTEM : 0;
    }
    return error;
}

static const char *resolve_until(const char *host, const char *port, deadline until,
                                 struct addrinfo **list) {
    struct resolving *resolving = resolving_new(host, port);
    if (resolving == NULL)
        return strerror(errno);
    int error = resolving_wait(resolving, until);
    *list = error == 0 ? resolving->request.ar_result : NULL;
    const char *why = error == 0                ? NULL
                      : error == EAI_INPROGRESS ? "resolving its name timed out"
                      : error == EAI_SYSTEM     ? strerror(errno)
                                                : gai_strerror(error);
    /* If the request cannot be cancelled, its thread still writes to the memory. */
    if (error != EAI_INPROGRESS || gai_cancel(&resolving->request) != EAI_NOTCANCELED)
        free(resolving);
    return why;
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

int dial(const char *host, const char *port, deadline until, const char **why) {
    struct addrinfo *list = NULL;
    int fd = -1;
    if (port == NULL)
        return dial_path(host, until, why);
    *why = resolve_until(host, port, until, &list);
    if (*why != NULL)
        return -1;
    for (const struct addrinfo *one = list; one != NULL && fd < 0; one = one->ai_next)
        fd = dial_address(one->ai_addr, one->ai_addrlen, dial_share(one, until), why);
    freeaddrinfo(list);
    return fd;
}
