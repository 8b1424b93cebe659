#include "server/loop.h"

#include "net/confine.h"
#include "net/log.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum {
    EVENTS = 64,        /* read from epoll at a time */
    ACCEPTS = 64,       /* connections accepted in a row */
    ACCEPTS_SHARED = 8, /* the same, with other workers */
    BATCHES = 4,        /* batches of datagrams in a row */
    BUSY_POLLS = 16,    /* polls before sleeping, some microseconds in all */
    PAUSE_MS = 100,     /* pause in accepting when descriptors have run out */
};

struct loop {
    const struct loop_options *options;
    struct responder *responder;
    struct clients clients;
    struct datagrams *datagrams;
    int epoll;
    struct event_source signals;
    int polls_left;  /* before it sleeps */
    unsigned queued; /* connections without the inherited options */
    bool listening;
    bool stopping;
    bool failed;     /* permanently; the cause was logged */
    deadline resume; /* when to listen again, during a pause */
};

static int loop_watch(struct loop *loop, int fd, unsigned events, const void *data) {
    struct epoll_event event = {.events = events};
    memcpy(&event.data.ptr, &data, sizeof(data));
    return epoll_ctl(loop->epoll, EPOLL_CTL_ADD, fd, &event);
}

static int loop_watch_listener(struct loop *loop, const struct listener *l) {
    unsigned events = EPOLLIN | (loop->options->shared ? (unsigned)EPOLLEXCLUSIVE : 0);
    return loop_watch(loop, l->source.fd, events, l);
}

static void loop_forget_listener(struct loop *loop, const struct listener *l) {
    epoll_ctl(loop->epoll, EPOLL_CTL_DEL, l->source.fd, NULL);
}

static void loop_stop_listening(struct loop *loop) {
    for (size_t i = 0; loop->listening && i < loop->options->listener_count; i++)
        loop_forget_listener(loop, &loop->options->listeners[i]);
    loop->listening = false;
}

/* Listens at all sockets again, or at none if one of them fails. Keeps errno. */
static int loop_listen_again(struct loop *loop) {
    loop->listening = true;
    for (size_t i = 0; i < loop->options->listener_count; i++) {
        if (loop_watch_listener(loop, &loop->options->listeners[i]) == 0)
            continue;
        int why = errno;
        loop_stop_listening(loop);
        loop->resume = deadline_in(PAUSE_MS);
        errno = why;
        return -1;
    }
    return 0;
}

/* Frees a descriptor by closing a client, if this process has run out. Otherwise pauses
 * accepting: the listening socket stays readable, so the loop would spin. */
static void loop_cannot_accept(struct loop *loop, int error) {
    if (error == EMFILE && clients_evict(&loop->clients))
        return;
    loop_stop_listening(loop);
    loop->resume = deadline_in(PAUSE_MS);
}

/* Accepts no more connections. The open ones are served to their end. */
static void loop_stop(struct loop *loop) {
    if (loop->stopping)
        return;
    loop_stop_listening(loop);
    listeners_close(loop->options->listeners, loop->options->listener_count);
    clients_stop_sessions(&loop->clients);
    loop->stopping = true;
}

/* A call failed permanently. Repeating it would make the loop spin. */
static void loop_fail(struct loop *loop, const char *call, int error) {
    if (!loop->failed)
        log_fault("%s: %s", call, strerror(error));
    loop->failed = true;
    loop_stop(loop);
}

static void loop_accept_some(struct loop *loop, const struct listener *listener) {
    int most = loop->options->shared ? ACCEPTS_SHARED : ACCEPTS;
    for (int i = 0; i < most; i++) {
        struct sockaddr_storage from;
        int fd = listener_accept(listener, &from);
        if (fd < 0 && (errno == EINVAL || listener_is_lost(errno)))
            loop_fail(loop, "accept4", errno);
        else if (fd < 0 && errno != EAGAIN)
            loop_cannot_accept(loop, errno);
        if (fd < 0)
            return;
        if (loop->queued > 0) {
            loop->queued--;
            listener_take_urgent(fd);
        }
        clients_add(&loop->clients, fd, (const struct sockaddr *)&from, listener->service);
    }
}

/* Takes the socket out of epoll meanwhile, which would otherwise report each datagram that
 * arrives or leaves. */
static void loop_serve_datagrams(struct loop *loop, const struct listener *listener) {
    int got = DATAGRAM_BATCH;
    loop_forget_listener(loop, listener);
    for (int i = 0; i < BATCHES && got == DATAGRAM_BATCH; i++)
        got = datagrams_serve(loop->datagrams, listener, loop->responder);
    if (got < 0 && listener_is_lost(errno))
        loop_fail(loop, "recvmmsg, sendmmsg", errno);
    else if (loop_watch_listener(loop, listener) < 0 || got < 0)
        loop_cannot_accept(loop, errno);
}

static void loop_take_signal(struct loop *loop) {
    struct signalfd_siginfo info;
    if (read(loop->signals.fd, &info, sizeof(info)) == (ssize_t)sizeof(info))
        loop_stop(loop);
}

/* at points to an object whose first member is a struct event_source. */
static void loop_dispatch(struct loop *loop, void *at) {
    switch (((const struct event_source *)at)->kind) {
    case SOURCE_LISTENER:
        if (loop->listening)
            loop_accept_some(loop, at);
        break;
    case SOURCE_DATAGRAM:
        if (loop->listening)
            loop_serve_datagrams(loop, at);
        break;
    case SOURCE_CONNECTION: clients_ready(&loop->clients, at); break;
    case SOURCE_SIGNALS: loop_take_signal(loop); break;
    }
}

static int timeout_until(deadline until) {
    int64_t left = until - deadline_now();
    return left < 0 ? 0 : left > 1000000 ? 1000000 : (int)left;
}

/* Waits for events and handles them. Returns their number, or -1 if it cannot wait. Sleeping and
 * waking up cost both sides more than polling a few times. */
static int loop_run_once(struct loop *loop, deadline until) {
    struct epoll_event events[EVENTS];
    deadline next = clients_next_deadline(&loop->clients, until);
    int timeout = loop->polls_left > 0 ? 0 : timeout_until(next);
    int count = epoll_wait(loop->epoll, events, EVENTS, timeout);
    if (count < 0 && errno != EINTR) {
        loop_fail(loop, "epoll_wait", errno);
        return -1;
    }
    count = count < 0 ? 0 : count;
    responder_woken(loop->responder);
    for (int i = 0; i < count; i++)
        loop_dispatch(loop, events[i].data.ptr);
    if (count > 0)
        loop->polls_left = loop->options->busy_poll ? BUSY_POLLS : 0;
    else if (loop->polls_left > 0)
        loop->polls_left--;
    clients_expire(&loop->clients);
    clients_reap(&loop->clients, loop->polls_left > 0);
    return count;
}

static int loop_open_all(struct loop *loop) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    loop->epoll = epoll_create1(EPOLL_CLOEXEC);
    loop->signals.kind = SOURCE_SIGNALS;
    loop->signals.fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    loop->datagrams = datagrams_new(loop->options->limit);
    if (loop->epoll < 0 || loop->signals.fd < 0 || loop->datagrams == NULL ||
        clients_open(&loop->clients, loop->epoll, loop->responder) < 0 ||
        loop_watch(loop, loop->signals.fd, EPOLLIN, &loop->signals) < 0)
        return -1;
    return loop_listen_again(loop);
}

/* True if nothing has arrived since active, and a last poll finds nothing. What arrives
 * later stays in the socket for the next activation. */
static bool loop_is_idle(struct loop *loop, deadline active) {
    if (loop->options->idle == 0 || loop->clients.count > 0 ||
        deadline_now() < active + loop->options->idle)
        return false;
    if (loop_run_once(loop, 0) <= 0)
        return true;
    loop->responder->stats->active = deadline_now();
    return false;
}

static void loop_serve(struct loop *loop) {
    const struct loop_options *options = loop->options;
    struct stats *stats = loop->responder->stats;
    deadline next_tick = INT64_MAX;
    stats->active = deadline_now();
    while (!(loop->stopping && loop->clients.count == 0)) {
        deadline until = deadline_first(deadline_in(options->heartbeat), next_tick);
        if (options->idle > 0)
            until = deadline_first(until, stats->active + options->idle);
        if (!loop->listening && !loop->stopping) {
            until = deadline_first(until, loop->resume);
            if (loop->resume <= deadline_now())
                loop_listen_again(loop);
        }
        int count = loop_run_once(loop, until);
        if (count < 0)
            return;
        if (count > 0 || loop->clients.count > 0)
            stats->active = deadline_now();
        else if (loop_is_idle(loop, stats->active))
            return;
        stats->heartbeat = deadline_now();
        next_tick = options->on_tick(options->context, loop->stopping);
    }
}

/* The standard descriptors may be copies of a listening socket (inetd, wait). */
static void loop_confine(const struct loop_options *options) {
    enum filter filter = FILTER_STREAMS;
    int last = STDERR_FILENO;
    for (size_t i = 0; i < options->listener_count; i++) {
        const struct event_source *source = &options->listeners[i].source;
        if (source->kind == SOURCE_DATAGRAM)
            filter = FILTER_SERVER;
        if (source->fd > last)
            last = source->fd;
    }
    confine_calls(filter, last);
}

int loop_run(const struct loop_options *options, struct responder *responder) {
    struct loop loop = {.options = options, .responder = responder};
    loop.clients.session = options->session;
    loop.clients.timeout = options->timeout;
    loop.clients.max = options->connections;
    loop.clients.proxies = &options->proxies;
    for (size_t i = 0; i < options->listener_count; i++)
        loop.queued += options->listeners[i].queued;
    if (loop_open_all(&loop) < 0)
        return -1;
    loop_confine(options);
    loop_serve(&loop);
    clients_close(&loop.clients);
    datagrams_free(loop.datagrams);
    close(loop.signals.fd);
    close(loop.epoll);
    return loop.failed;
}
