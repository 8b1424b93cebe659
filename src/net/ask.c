#include "net/ask.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static const char timed_out[] = "timed out";

/* The addresses to try, in the resolver's order. */
struct addresses {
    struct addrinfo *list;
    struct addrinfo path; /* for a Unix socket, the only one */
    struct sockaddr_un un;
};

static const char *use_path(const struct ask_target *target, struct addresses *all) {
    size_t len = strlen(target->path);
    if (len >= sizeof(all->un.sun_path))
        return strerror(ENAMETOOLONG);
    all->un.sun_family = AF_UNIX;
    memcpy(all->un.sun_path, target->path, len + 1);
    all->path = (struct addrinfo){
        .ai_family = AF_UNIX,
        .ai_socktype = target->datagram ? SOCK_DGRAM : SOCK_STREAM,
        .ai_addr = (struct sockaddr *)&all->un,
        .ai_addrlen = sizeof(all->un),
    };
    all->list = &all->path;
    return NULL;
}

static const char *resolve(const struct ask_target *target, struct addresses *all) {
    if (target->path != NULL)
        return use_path(target, all);
    struct addrinfo hints = {
        .ai_family = target->family,
        .ai_socktype = target->datagram ? SOCK_DGRAM : SOCK_STREAM,
    };
    int error = getaddrinfo(target->host, target->port, &hints, &all->list);
    if (error == 0)
        return NULL;
    return error == EAI_SYSTEM ? strerror(errno) : gai_strerror(error);
}

/* The moment by which this address must do, if those after it are to have
 * their chance. */
static deadline share(const struct addrinfo *address, deadline until) {
    int64_t addresses = 0;
    for (; address != NULL; address = address->ai_next)
        addresses++;
    deadline now = deadline_now();
    return now + (until - now) / addresses;
}

/* A datagram socket has to have a name of its own to be answered at; an empty
 * one makes Linux choose it (unix(7), autobind). */
static int bind_to_any(int fd, const struct addrinfo *address) {
    sa_family_t family = AF_UNIX;
    if (address->ai_family != AF_UNIX || address->ai_socktype != SOCK_DGRAM)
        return 0;
    return bind(fd, (const struct sockaddr *)&family, sizeof(family));
}

/* Connects fd or says why not. */
static const char *connect_by(int fd, const struct addrinfo *address, deadline until) {
    int error = 0;
    socklen_t len = sizeof(error);
    if (bind_to_any(fd, address) < 0)
        return strerror(errno);
    if (connect(fd, address->ai_addr, address->ai_addrlen) == 0)
        return NULL;
    if (errno != EINPROGRESS)
        return strerror(errno);
    int ready = deadline_wait(fd, POLLOUT, until);
    if (ready == 0)
        return timed_out;
    if (ready < 0 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
        return strerror(errno);
    return error == 0 ? NULL : strerror(error);
}

static const char *ask_send_all(int fd, struct span request, deadline until) {
    while (request.len > 0) {
        ssize_t sent = send(fd, request.at, request.len, MSG_NOSIGNAL);
        if (sent >= 0)
            request = span_from(request, (size_t)sent);
        else if (errno != EAGAIN && errno != EINTR)
            return strerror(errno);
        else if (deadline_wait(fd, POLLOUT, until) == 0)
            return timed_out;
    }
    return NULL;
}

/* Receives up to EOF, or one datagram. */
static const char *receive(int fd, bool datagram, deadline until, struct text *answer) {
    for (;;) {
        int ready = deadline_wait(fd, POLLIN, until);
        if (ready == 0)
            return answer->len > 0 ? "timed out in the middle of the answer" : timed_out;
        if (answer->len == answer->cap)
            return "the answer is too long";
        ssize_t got = recv(fd, answer->at + answer->len, answer->cap - answer->len, 0);
        if (got < 0 && (errno == EAGAIN || errno == EINTR))
            continue;
        if (got < 0)
            return strerror(errno);
        answer->len += (size_t)got;
        if (got == 0 || datagram)
            return answer->len > 0 ? NULL : "closed without an answer";
    }
}

static const char *converse(int fd, struct span request, bool datagram, deadline until,
                            struct text *answer) {
    const char *fault = ask_send_all(fd, request, until);
    /* Half-closing says that no second request will follow. */
    if (!datagram && (fault == NULL || answer->len > 0))
        shutdown(fd, SHUT_WR);
    return fault != NULL ? fault : receive(fd, datagram, until, answer);
}

/* *final: there is somebody at this address, no other need be tried. */
static const char *ask_one(const struct addrinfo *address, struct span request, deadline until,
                           const struct ask_steps *steps, struct text *answer, bool *final) {
    bool datagram = address->ai_socktype == SOCK_DGRAM;
    int type = address->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC;
    int fd = socket(address->ai_family, type, address->ai_protocol);
    if (fd < 0)
        return strerror(errno);
    deadline mine = share(address, until);
    const char *fault = connect_by(fd, address, mine);
    if (fault == NULL) {
        if (steps->connected != NULL)
            steps->connected();
        if (steps->sending != NULL)
            steps->sending();
        fault = converse(fd, request, datagram, datagram ? mine : until, answer);
        *final = !datagram || fault == NULL;
    }
    close(fd);
    return fault;
}

const char *ask(const struct ask_target *target, struct span request, deadline until,
                const struct ask_steps *steps, struct text *answer) {
    struct addresses all = {0};
    const char *fault = resolve(target, &all);
    if (fault != NULL)
        return fault;
    bool final = false;
    for (const struct addrinfo *one = all.list; one != NULL && !final; one = one->ai_next)
        fault = ask_one(one, request, until, steps, answer, &final);
    if (target->path == NULL)
        freeaddrinfo(all.list);
    return fault;
}
