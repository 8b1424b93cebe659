/* How a connection lives:
 *
 *   accepted -> WANT_INPUT -> answered -> WANT_LINGER -> WANT_CLOSE
 *                 ^    |         |  ^
 *                 |    |         v  |
 *                 |    |     WANT_OUTPUT
 *                 +----|---------+
 *                      +-> WANT_CLOSE
 *
 *   WANT_INPUT    until a whole request is there, or its beginning and then silence. A
 *                 client that has asked nothing by the deadline is closed. A proxy's
 *                 header, where it is due, comes first, within the same deadline.
 *   answered      no state to wait in. In a session WANT_INPUT follows.
 *   WANT_OUTPUT   the client reads late: until all is sent, or closed at the deadline.
 *   WANT_LINGER   half-closed: until the client closes, LINGER_MS or LINGER_BYTES.
 *
 * waiting holds those in WANT_INPUT and WANT_OUTPUT, quiet also those whose
 * request has begun; answered and lingering hold those in WANT_LINGER, before
 * and after epoll was asked for them; closed is freed at the end of a round. */
#include "server/clients.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { ANSWERED_MS = 2 }; /* without epoll, while there is work */

static struct connection *by_link(struct link *link) {
    return container_of(link, struct connection, link);
}

static struct connection *by_quiet(struct link *link) {
    return container_of(link, struct connection, quiet);
}

static void clients_close_one(struct clients *clients, struct connection *c) {
    connection_close(c, &clients->shared);
    list_push(&clients->closed, &c->link);
    clients->places.held[c->holder.source]--;
    clients->count--;
    clients->shared.responder->stats->open = clients->count;
}

/* For struct budget. */
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
    list_init(&clients->answered);
    list_init(&clients->lingering);
    list_init(&clients->quiet);
    list_init(&clients->closed);
    if (budget_open(&clients->shared.budget, CLIENTS_BUDGET, PLACES_SOURCES) < 0)
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

/* Asks epoll for events, unless it has been asked for these already. */
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

/* Moves c to the list for what it now waits for. A request's deadline is set once, when the
 * request is first awaited; bytes that arrive do not move it. */
static void clients_place(struct clients *clients, struct connection *c, enum want want) {
    enum want before = c->want;
    c->want = want;
    list_remove(&c->quiet);
    if (want == WANT_LINGER && before != WANT_LINGER) {
        c->until = deadline_in(LINGER_MS);
        list_push(c->events == 0 ? &clients->answered : &clients->lingering, &c->link);
        if (c->events == 0)
            return; /* see_answered comes back to it */
    }
    bool next = c->answered || before == WANT_OUTPUT; /* another request of a session */
    if ((want == WANT_INPUT && next) || (want == WANT_OUTPUT && before == want && c->answered))
        clients_start_waiting(clients, c);
    c->answered = false;
    if (want == WANT_INPUT && c->request.len > 0 && c->service->quiet_ms > 0) {
        c->quiet_until = deadline_in(c->service->quiet_ms);
        list_push(&clients->quiet, &c->quiet);
    }
    if (want == WANT_CLOSE || !clients_watch(clients, c, want == WANT_OUTPUT ? EPOLLOUT : EPOLLIN))
        clients_close_one(clients, c);
}

/* The first in list of a source that holds so many; silent: who has asked nothing. */
static struct link *clients_first_of(const struct clients *clients, const struct list *list,
                                     unsigned held, bool silent) {
    const struct link *end = &list->ends;
    for (struct link *at = end->next; at != end; at = at->next) {
        const struct connection *c = by_link(at);
        if (clients->places.held[c->holder.source] == held &&
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

/* Gives c a place of the source numbered place; it holds no memory yet. */
static void clients_settle(struct clients *clients, struct connection *c, unsigned place) {
    c->holder.source = place;
    clients->places.held[place]++;
}

/* A proxy's connection has a place of the proxy's, and from its header on of the client's. */
static enum want clients_read(struct clients *clients, struct connection *c) {
    if (c->header_due) {
        enum want want = connection_header(c, &clients->shared);
        if (c->header_due)
            return want;
        if (c->peer.any.sa_family != AF_UNSPEC) {
            clients->places.held[c->holder.source]--;
            clients_settle(clients, c, places_source(&clients->places, c->source.fd, &c->peer.any));
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
    clients_settle(clients, c, places_source(&clients->places, fd, from));
    clients->count++;
    clients->shared.responder->stats->open = clients->count;
    stats_bump(&clients->shared.responder->stats->accepted, 1);
    clients_start_waiting(clients, c);
    /* Often the request has come with the connection. */
    clients_place(clients, c, clients_read(clients, c));
}

void clients_ready(struct clients *clients, struct connection *c) {
    if (c->source.fd < 0)
        return;
    clients_place(clients, c,
                  c->want == WANT_OUTPUT ? connection_output(c, &clients->shared)
                                         : clients_read(clients, c));
}

/* Most clients close as soon as they have their answer, and in the order of the answers. So
 * while there is work, the first one that has not closed stands for all behind it, for
 * ANSWERED_MS. Only those that are left when there is no work are added to epoll. */
static void clients_see_answered(struct clients *clients, bool all) {
    const int64_t rest = LINGER_MS - ANSWERED_MS;
    struct link *head;
    while ((head = list_head(&clients->answered)) != NULL) {
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
    clients_see_answered(clients, true);
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

/* A request that has begun is answered, with what there is or with an error. */
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
        if (poll(&pfd, 1, 0) > 0) /* it did send, and we were late */
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
    clients_see_answered(clients, !awake);
    while ((head = list_head(&clients->closed)) != NULL) {
        list_remove(head);
        free(by_link(head));
    }
}
