#include "net/ask.h"

#include "net/exchange.h"
#include "net/self_connect.h"
#include "net/srv.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { SERVER_ENDS_MS = 250 }; /* until a server that waits for more bytes gets EOF */

static const char timed_out[] = "timed out";

static struct server *ask_server(const struct ask *ask) {
    return &ask->servers->one[(ask->start + ask->tried) % ask->servers->count];
}

static const struct addrinfo *ask_address(const struct ask *ask) {
    const struct server *server = ask_server(ask);
    return server->addresses[(ask->first + ask->address) % server->count];
}

/* Returns the deadline for one of so many that are left, with equal shares of the time. */
static deadline share(deadline until, size_t left) {
    deadline now = deadline_now();
    return left > 1 ? now + (until - now) / (int64_t)left : until;
}

/* Adds this server's fault to the message. A service has several ports, of its own. */
static void ask_note(struct ask *ask, const char *fault) {
    const struct server *server = ask_server(ask);
    const char *path = ask->servers->path;
    const char *host = path != NULL ? path : server->host;
    const char *port = path != NULL || srv_is_service(host) ? NULL : server->port;
    size_t room = sizeof(ask->fault) - ask->fault_len;
    int len =
        snprintf(ask->fault + ask->fault_len, room, "%s%s%s%s: %s", ask->fault_len > 0 ? "; " : "",
                 host, port == NULL ? "" : " port ", port == NULL ? "" : port, fault);
    if (len > 0)
        ask->fault_len += (size_t)len < room ? (size_t)len : room - 1;
}

void ask_end(struct ask *ask) {
    if (ask->fd >= 0)
        close(ask->fd);
    ask->fd = -1;
}

static void ask_over(struct ask *ask, enum ask_state state) {
    ask_end(ask);
    ask->state = state;
}

/* A datagram socket needs an address for the answer. Linux chooses one if the given one is
 * empty (unix(7), autobind). */
static int bind_to_any(int fd) {
    sa_family_t family = AF_UNIX;
    return bind(fd, (const struct sockaddr *)&family, sizeof(family));
}

/* poll(2) cannot wait for a Unix socket with a full backlog; connect(2) can. */
static int limit_connect(int fd, deadline until) {
    int64_t left = until - deadline_now();
    struct timeval time = {.tv_usec = 1000};
    if (left > 0)
        time = (struct timeval){left / 1000, left % 1000 * 1000};
    return setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof(time));
}

/* Begins to connect to this address. Returns NULL, or what went wrong. */
static const char *ask_connect(struct ask *ask, const struct addrinfo *to) {
    bool local = to->ai_family == AF_UNIX;
    int type = (ask->datagram ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC;
    ask->fd = socket(to->ai_family, local ? type : type | SOCK_NONBLOCK, 0);
    if (ask->fd < 0 || (local && ask->datagram && bind_to_any(ask->fd) < 0) ||
        (local && limit_connect(ask->fd, ask->address_until) < 0))
        return strerror(errno);
    if (connect(ask->fd, to->ai_addr, to->ai_addrlen) == 0 || errno == EINPROGRESS)
        return NULL;
    return errno == EAGAIN ? timed_out : strerror(errno);
}

/* Returns the bytes to send. A datagram is padded with blanks, which are ignored. */
static struct span ask_bytes(struct ask *ask, const struct addrinfo *to) {
    struct span request = ask->request;
    if (!ask->datagram || to->ai_family == AF_UNIX || request.len >= sizeof(ask->padded))
        return request;
    memset(ask->padded, ' ', sizeof(ask->padded));
    memcpy(ask->padded, request.at, request.len - 1);
    ask->padded[sizeof(ask->padded) - 1] = request.at[request.len - 1];
    return (struct span){ask->padded, sizeof(ask->padded)};
}

/* Tries this server's addresses from the current one on. Returns NULL, or what went wrong. */
static const char *ask_try_addresses(struct ask *ask, const char *fault) {
    const struct server *server = ask_server(ask);
    for (; ask->address < server->count; ask->address++) {
        const struct addrinfo *to = ask_address(ask);
        ask->address_until = share(ask->server_until, server->count - ask->address);
        ask->state = ASK_CONNECTING;
        ask->unsent = ask_bytes(ask, to);
        fault = ask_connect(ask, to);
        if (fault == NULL)
            return NULL;
        ask_end(ask);
    }
    return fault;
}

/* Tries the servers from the current one on. */
static void ask_try_servers(struct ask *ask) {
    struct servers *all = ask->servers;
    for (; ask->tried < all->count; ask->tried++) {
        ask->server_until = share(ask->until, all->count - ask->tried);
        const char *fault = servers_resolve(all, ask_server(ask), ask->server_until);
        ask->first = ask_server(ask)->first;
        ask->address = 0;
        if (fault == NULL)
            fault = ask_try_addresses(ask, "no address");
        if (fault == NULL)
            return;
        ask_note(ask, fault);
    }
    ask_over(ask, ASK_FAILED);
}

void ask_begin(struct ask *ask, struct servers *servers, struct span request, deadline until,
               const struct ask_steps *steps, struct text *answer) {
    *ask = (struct ask){
        .fd = -1,
        .servers = servers,
        .steps = steps,
        .request = request,
        .answer = answer,
        .datagram = servers->datagram,
        .start = servers->first,
        .until = until,
    };
    ask_try_servers(ask);
}

/* Goes on to the next server, unless part of the answer has arrived. */
static void ask_fail_server(struct ask *ask, const char *fault) {
    ask_end(ask);
    ask_note(ask, fault);
    if (ask->answer->len > 0) {
        ask_over(ask, ASK_FAILED);
        return;
    }
    ask->tried++;
    ask_try_servers(ask);
}

static void ask_fail_address(struct ask *ask, const char *fault) {
    ask_end(ask);
    ask->address++;
    fault = ask_try_addresses(ask, fault);
    if (fault != NULL)
        ask_fail_server(ask, fault);
}

/* If it was connected, the server's other addresses need not be tried. A datagram socket
 * shows only by an answer that there is a server. */
static void ask_fail(struct ask *ask, const char *fault) {
    if (ask->state == ASK_CONNECTING || ask->datagram)
        ask_fail_address(ask, fault);
    else
        ask_fail_server(ask, fault);
}

static void ask_succeed(struct ask *ask) {
    struct server *server = ask_server(ask);
    server->first = (ask->first + ask->address) % server->count;
    ask->servers->first = (ask->start + ask->tried) % ask->servers->count;
    ask_over(ask, ASK_ANSWERED);
}

static bool ask_is_referred(const struct ask *ask) {
    struct span answer = text_span(ask->answer);
    struct span referral = SPAN("ERROR: answer too long, ask by TCP");
    return ask->datagram && ask_address(ask)->ai_family != AF_UNIX &&
           span_starts(answer, referral) && answer.len <= referral.len + strlen("\r\n");
}

/* Asks again at the same address, by TCP. */
static void ask_refer(struct ask *ask) {
    ask_end(ask);
    ask->datagram = false;
    ask->answer->len = 0;
    const char *fault = ask_try_addresses(ask, NULL);
    if (fault != NULL)
        ask_fail_server(ask, fault);
}

/* Each of these three does what is possible now. Returns true to go on with the new state,
 * or false to wait. */

static bool ask_go_on_connecting(struct ask *ask) {
    int error = 0;
    socklen_t len = sizeof(error);
    struct pollfd pfd = {.fd = ask->fd, .events = POLLOUT};
    if (poll(&pfd, 1, 0) <= 0)
        return false;
    if (getsockopt(ask->fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
        error = errno;
    if (error == 0 && is_self_connected(ask->fd))
        error = ECONNREFUSED;
    if (error != 0) {
        ask_fail(ask, strerror(error));
        return true;
    }
    if (ask->steps->connected != NULL)
        ask->steps->connected(ask->steps, ask_address(ask)->ai_addr);
    if (ask->steps->sending != NULL)
        ask->steps->sending(ask->steps);
    ask->state = ASK_SENDING;
    return true;
}

/* Tells the server that no other request will follow. */
static void ask_half_close(struct ask *ask) {
    if (ask->half_close != 0)
        shutdown(ask->fd, SHUT_WR);
    ask->half_close = 0;
}

/* Receives what arrived before the server closed the connection. */
static void ask_take_rest(struct ask *ask) {
    struct text *answer = ask->answer;
    ssize_t got = 1;
    while (got > 0 && answer->len < answer->cap) {
        got = recv(ask->fd, answer->at + answer->len, answer->cap - answer->len, MSG_DONTWAIT);
        answer->len += got > 0 ? (size_t)got : 0;
    }
}

static bool ask_go_on_sending(struct ask *ask) {
    ssize_t sent = send(ask->fd, ask->unsent.at, ask->unsent.len, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && exchange_must_wait(errno))
        return false;
    if (sent < 0) {
        const char *fault = strerror(errno);
        ask_take_rest(ask);
        ask_fail(ask, fault);
        return true;
    }
    ask->unsent = span_from(ask->unsent, (size_t)sent);
    if (ask->unsent.len > 0)
        return true;
    ask->half_close = ask->datagram ? 0 : deadline_in(ask->server_ends ? SERVER_ENDS_MS : 0);
    if (!ask->server_ends)
        ask_half_close(ask);
    ask->state = ASK_RECEIVING;
    return true;
}

static bool ask_go_on_receiving(struct ask *ask) {
    struct text *answer = ask->answer;
    char beyond = 0;
    bool full = answer->len == answer->cap;
    char *at = full ? &beyond : answer->at + answer->len;
    const char *fault = NULL;
    ssize_t got = recv(ask->fd, at, full ? 1 : answer->cap - answer->len, MSG_DONTWAIT);
    if (got < 0 && exchange_must_wait(errno))
        return false;
    if (got < 0)
        fault = strerror(errno);
    else if (got > 0 && full)
        fault = "the answer is too long";
    else if (got == 0 && answer->len == 0)
        fault = "closed without an answer";
    else
        answer->len += (size_t)got;
    if (fault != NULL)
        ask_fail(ask, fault);
    else if (ask_is_referred(ask))
        ask_refer(ask);
    else if (got == 0 || ask->datagram)
        ask_succeed(ask);
    return true;
}

short ask_events(const struct ask *ask) {
    return ask->state == ASK_RECEIVING ? POLLIN : POLLOUT;
}

/* Returns the deadline of the current state. */
static deadline ask_limit(const struct ask *ask) {
    if (ask->state == ASK_CONNECTING || ask->datagram)
        return ask->address_until;
    return ask->answer->len > 0 ? ask->until : ask->server_until;
}

deadline ask_wake(const struct ask *ask) {
    deadline limit = ask_limit(ask);
    bool half = ask->state == ASK_RECEIVING && ask->half_close != 0;
    return half ? deadline_first(ask->half_close, limit) : limit;
}

bool ask_go_on(struct ask *ask) {
    for (;;) {
        bool more = false;
        switch (ask->state) {
        case ASK_CONNECTING: more = ask_go_on_connecting(ask); break;
        case ASK_SENDING: more = ask_go_on_sending(ask); break;
        case ASK_RECEIVING: more = ask_go_on_receiving(ask); break;
        default: return true;
        }
        if (more)
            continue;
        if (ask_wake(ask) > deadline_now())
            return false;
        if (ask_limit(ask) > deadline_now()) {
            ask_half_close(ask);
            return false;
        }
        ask_fail(ask, ask->answer->len > 0 ? "timed out in the middle of the answer" : timed_out);
    }
}

bool ask_and_wait(struct ask *ask, struct servers *servers, struct span request, deadline until,
                  const struct ask_steps *steps, struct text *answer) {
    ask_begin(ask, servers, request, until, steps, answer);
    while (!ask_go_on(ask))
        deadline_wait(ask->fd, ask_events(ask), ask_wake(ask));
    return ask->state == ASK_ANSWERED;
}
