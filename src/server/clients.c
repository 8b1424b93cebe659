/* What a connection waits for:
 *
 *   accepted --> WANT_INPUT ------> WANT_LINGER
 *                 |      ^            ^
 *                 v      |            |
 *                WANT_OUTPUT ---------+
 *
 *   WANT_INPUT    Waits for a whole request, or for its first bytes and then silence, and
 *                 answers it. Only a session then waits for the next one. At the deadline a
 *                 request that has begun is answered as late, and a client that has sent
 *                 nothing is closed. If the proxy's header is due, it comes first, within
 *                 the same deadline.
 *   WANT_OUTPUT   Waits until the connection is writable: the client reads slowly, or a
 *                 session's turn is over. Ends when all is sent, or closes at the deadline.
 *   WANT_LINGER   Half-closed. Ends when the client closes, or after LINGER_MS or
 *                 LINGER_BYTES.
 *   WANT_CLOSE    Not waited in. Follows any state, also if the client is gone or memory has
 *                 run out.
 *
 * The list waiting holds connections in WANT_INPUT and WANT_OUTPUT. If the service has a quiet
 * time, those in WANT_INPUT whose request has begun are also in quiet. Connections in
 * WANT_LINGER are in unwatched until epoll watches them, and then in lingering. Those in closed
 * are freed when all events are handled. */
#include "server/clients.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { UNWATCHED_MS = 2 }; /* to linger outside epoll, while there are other events */

static struct connection *by_link(struct link *link) {
    return container_of(link, struct connection, link);
}

static struct connection *by_quiet(struct link *link) {
    return container_of(link, struct connection, quiet);
}

static void clients_close_one(struct clients *clients, struct connection *c) {
    connection_close(c, &clients->shared);
    list_push(&clients->closed, &c->link);
    clients->places.held[c->holder.origin]--;
    clients->count--;
    clients->shared.responder->stats->open = clients->count;
}

/* The callback of struct budget. */
static void evict_holder(void *context, struct holder *holder) {
    struct clients *clients = context;
    stats_bump(&clients->shared.responder->stats->evicted, 1);
    clients_close_one(clients, container_of(holder, struct connection, holder));
}

int clients_open(struct clients *clients, int epoll, struct responder *responder) {
    clients->epoll = epoll;
    if (places_open(&clients->places) < 0)
        return -1;
    clients->shared.responder = responder;
    clients->shared.outbuf =
        (struct text){.at = malloc(CONNECTION_OUTBUF), .cap = CONNECTION_OUTBUF};
    list_init(&clients->waiting);
    list_init(&clients->unwatched);
    list_init(&clients->lingering);
    list_init(&clients->quiet);
    list_init(&clients->closed);
    if (budget_open(&clients->shared.budget, CLIENTS_BUDGET, PLACES_ORIGINS) < 0)
        return -1;
    clients->shared.budget.evict = evict_holder;
    clients->shared.budget.context = clients;
    return clients->shared.outbuf.at == NULL ? -1 : 0;
}

void clients_close(struct clients *clients) {
    clients_reap(clients, false);
    budget_close(&clients->shared.budget);
    free(clients->shared.outbuf.at);
}

/* Makes epoll watch for events. Returns false on error. Skips the system call if nothing changes.
 */
static bool clients_watch(struct clients *clients, struct connection *c, unsigned events) {
    if (c->events == events)
        return true;
    struct epoll_event event = {.events = events, .data.ptr = c};
    int how = c->events == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
    c->events = events;
    return epoll_ctl(clients->epoll, how, c->source.fd, &event) == 0;
}

static void clients_start_waiting(struct clients *clients, struct connection *c) {
    c->until = deadline_in(clients->timeout);
    list_push(&clients->waiting, &c->link);
}

/* Moves c to the list for its new state. A request's deadline is set once, when the connection
 * begins to wait for it. Bytes that arrive do not extend it. */
static void clients_place(struct clients *clients, struct connection *c, enum want want) {
    enum want before = c->want;
    c->want = want;
    list_remove(&c->quiet);
    if (want == WANT_LINGER && before != WANT_LINGER) {
        c->until = deadline_in(LINGER_MS);
        list_push(c->events == 0 ? &clients->unwatched : &clients->lingering, &c->link);
        if (c->events == 0)
            return; /* clients_check_unwatched handles it */
    }
    /* A session's next request has a deadline of its own. So have the answers that were made after
     * all earlier ones were sent. */
    bool next_request = want == WANT_INPUT && (c->answered || before == WANT_OUTPUT);
    bool next_answers = want == WANT_OUTPUT && before == WANT_OUTPUT && c->answered;
    if (next_request || next_answers)
        clients_start_waiting(clients, c);
    c->answered = false;
    if (want == WANT_INPUT && c->request.len > 0 && c->service->quiet_ms > 0) {
        c->quiet_until = deadline_in(c->service->quiet_ms);
        list_push(&clients->quiet, &c->quiet);
    }
    if (want == WANT_CLOSE || !clients_watch(clients, c, want == WANT_OUTPUT ? EPOLLOUT : EPOLLIN))
        clients_close_one(clients, c);
}

/* Returns the first connection in list whose origin has held connections, or NULL. silent: only
 * one that has sent nothing of a request. */
static struct link *clients_first_of(const struct clients *clients, const struct list *list,
                                     unsigned held, bool silent) {
    const struct link *end = &list->ends;
    for (struct link *at = end->next; at != end; at = at->next) {
        const struct connection *c = by_link(at);
        if (clients->places.held[c->holder.origin] == held &&
            (!silent || (c->want == WANT_INPUT && c->request.len == 0)))
            return at;
    }
    return NULL;
}

void clients_stop_sessions(struct clients *clients) {
    const struct link *end = &clients->waiting.ends;
    clients->session = false;
    for (struct link *at = end->next; at != end; at = at->next)
        by_link(at)->session = false;
}

/* Counts c for that origin. c must not hold memory of the budget yet. */
static void clients_settle(struct clients *clients, struct connection *c, unsigned origin) {
    c->holder.origin = origin;
    clients->places.held[origin]++;
}

/* A proxied connection counts for the proxy until its header is read, and then for the client. */
static enum want clients_read(struct clients *clients, struct connection *c) {
    if (c->header_due) {
        enum want want = connection_header(c, &clients->shared);
        if (c->header_due)
            return want;
        if (c->peer.any.sa_family != AF_UNSPEC) {
            clients->places.held[c->holder.origin]--;
            clients_settle(clients, c, places_origin(&clients->places, c->source.fd, &c->peer.any));
        }
    }
    return connection_input(c, &clients->shared);
}

void clients_add(struct clients *clients, int fd, const struct sockaddr *from,
                 const struct service *service) {
    if (clients->count >= clients->max)
        clients_evict(clients);
    struct connection *c = malloc(sizeof(*c));
    if (c == NULL) {
        close(fd);
        return;
    }
    connection_start(c, fd, service, clients->session);
    c->header_due = networks_hold(clients->proxies, from);
    clients_settle(clients, c, places_origin(&clients->places, fd, from));
    clients->count++;
    clients->shared.responder->stats->open = clients->count;
    stats_bump(&clients->shared.responder->stats->accepted, 1);
    clients_start_waiting(clients, c);
    /* Often the request is there already: reading now saves a call of epoll. */
    clients_place(clients, c, clients_read(clients, c));
}

void clients_ready(struct clients *clients, struct connection *c) {
    if (c->source.fd < 0)
        return;
    clients_place(clients, c,
                  c->want == WANT_OUTPUT ? connection_output(c, &clients->shared)
                                         : clients_read(clients, c));
}

/* Most clients close as soon as they have their answer, in the order of the answers. So while
 * there are other events, it stops at the first client that has not closed, for UNWATCHED_MS at
 * most. A connection is added to epoll only after that time, or if all is set. This saves most
 * connections the call of epoll_ctl. */
static void clients_check_unwatched(struct clients *clients, bool all) {
    const int64_t rest = LINGER_MS - UNWATCHED_MS;
    struct link *head;
    while ((head = list_head(&clients->unwatched)) != NULL) {
        struct connection *c = by_link(head);
        enum want want = connection_input(c, &clients->shared);
        if (want == WANT_LINGER && !all && c->until - rest > deadline_now())
            return;
        list_push(&clients->lingering, head);
        clients_place(clients, c, want);
    }
}

bool clients_evict(struct clients *clients) {
    size_t before = clients->count;
    clients_check_unwatched(clients, true);
    if (clients->count < before)
        return true;
    unsigned most = places_most(&clients->places);
    struct link *victim = clients_first_of(clients, &clients->waiting, most, true);
    if (victim == NULL)
        victim = clients_first_of(clients, &clients->lingering, most, false);
    if (victim == NULL)
        victim = clients_first_of(clients, &clients->waiting, most, false);
    if (victim != NULL) {
        stats_bump(&clients->shared.responder->stats->evicted, 1);
        clients_close_one(clients, by_link(victim));
    }
    return victim != NULL;
}

/* Answers a request that has begun, from the bytes received or with an error. Closes any other. */
static void clients_expire_one(struct clients *clients, struct connection *c, enum ending ending) {
    enum want want = WANT_CLOSE;
    if (c->want == WANT_INPUT && c->request.len > 0)
        want = connection_end(c, &clients->shared, ending);
    clients_place(clients, c, want);
}

void clients_expire(struct clients *clients) {
    deadline now = deadline_now();
    struct link *head;
    while ((head = list_head(&clients->quiet)) != NULL && by_quiet(head)->quiet_until <= now) {
        struct pollfd pfd = {.fd = by_quiet(head)->source.fd, .events = POLLIN};
        if (poll(&pfd, 1, 0) > 0) /* more input came in time, but this process was late */
            clients_ready(clients, by_quiet(head));
        else
            clients_expire_one(clients, by_quiet(head), ENDING_QUIET);
    }
    while ((head = list_head(&clients->waiting)) != NULL && by_link(head)->until <= now)
        clients_expire_one(clients, by_link(head), ENDING_LATE);
    while ((head = list_head(&clients->lingering)) != NULL && by_link(head)->until <= now)
        clients_close_one(clients, by_link(head));
}

deadline clients_next_deadline(const struct clients *clients, deadline until) {
    struct link *waiting = list_head(&clients->waiting);
    struct link *lingering = list_head(&clients->lingering);
    struct link *quiet = list_head(&clients->quiet);
    if (waiting != NULL)
        until = deadline_first(until, by_link(waiting)->until);
    if (lingering != NULL)
        until = deadline_first(until, by_link(lingering)->until);
    if (quiet != NULL)
        until = deadline_first(until, by_quiet(quiet)->quiet_until);
    return until;
}

void clients_reap(struct clients *clients, bool awake) {
    struct link *head;
    clients_check_unwatched(clients, !awake);
    while ((head = list_head(&clients->closed)) != NULL) {
        list_remove(head);
        free(by_link(head));
    }
}
