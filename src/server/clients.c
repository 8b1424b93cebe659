#include "server/clients.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { ANSWERED_MS = 2 }; /* without epoll, while there is work */

static struct connection *by_link(struct link *link) {
    return QUEUE_ITEM(link, struct connection, link);
}

static struct connection *by_quiet(struct link *link) {
    return QUEUE_ITEM(link, struct connection, quiet);
}

static void close_one(struct crowd *crowd, struct connection *c) {
    connection_close(c, &crowd->hall);
    queue_push(&crowd->closed, &c->link);
    crowd->count--;
    crowd->hall.desk->stats->open = crowd->count;
}

/* For struct memory. */
static void evict_holder(void *context, struct link *holder) {
    close_one(context, QUEUE_ITEM(holder, struct connection, holder));
}

int crowd_open(struct crowd *crowd, int epoll, struct desk *desk) {
    crowd->epoll = epoll;
    crowd->hall.desk = desk;
    crowd->hall.heard = (struct text){.at = malloc(CONNECTION_HEARD), .cap = CONNECTION_HEARD};
    crowd->hall.batch = (struct text){.at = malloc(CONNECTION_BATCH), .cap = CONNECTION_BATCH};
    queue_init(&crowd->waiting);
    queue_init(&crowd->answered);
    queue_init(&crowd->draining);
    queue_init(&crowd->quiet);
    queue_init(&crowd->closed);
    crowd->hall.memory = (struct memory){.max = CROWD_MEMORY, .evict = evict_holder};
    crowd->hall.memory.context = crowd;
    queue_init(&crowd->hall.memory.holders);
    return crowd->hall.heard.at == NULL || crowd->hall.batch.at == NULL ? -1 : 0;
}

void crowd_close(struct crowd *crowd) {
    crowd_sweep(crowd, false);
    free(crowd->hall.heard.at);
    free(crowd->hall.batch.at);
}

/* Asks epoll for events, unless it has been asked for these already. */
static bool watch(struct crowd *crowd, struct connection *c, unsigned events) {
    if (c->events == events)
        return true;
    struct epoll_event event = {.events = events, .data.ptr = c};
    int how = c->events == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
    c->events = events;
    return epoll_ctl(crowd->epoll, how, c->source.fd, &event) == 0;
}

static void start_waiting(struct crowd *crowd, struct connection *c) {
    c->until = deadline_in(crowd->timeout);
    queue_push(&crowd->waiting, &c->link);
}

/* Puts c where what it wants now is waited for. A request's deadline is set
 * when it is first awaited and stays, however many bytes arrive. */
static void place(struct crowd *crowd, struct connection *c, enum want want) {
    enum want before = c->want;
    c->want = want;
    queue_remove(&c->quiet);
    if (want == WANT_DRAIN && before != WANT_DRAIN) {
        c->until = deadline_in(EXCHANGE_DRAIN_MS);
        queue_push(c->events == 0 ? &crowd->answered : &crowd->draining, &c->link);
        if (c->events == 0)
            return; /* see_answered comes back to it */
    }
    bool next = c->answered || before == WANT_OUTPUT; /* another request of a session */
    if ((want == WANT_INPUT && next) || (want == WANT_OUTPUT && before == want && c->answered))
        start_waiting(crowd, c);
    c->answered = false;
    if (want == WANT_INPUT && c->request.len > 0 && c->service->quiet_ms > 0) {
        c->quiet_until = deadline_in(c->service->quiet_ms);
        queue_push(&crowd->quiet, &c->quiet);
    }
    if (want == WANT_CLOSE || !watch(crowd, c, want == WANT_OUTPUT ? EPOLLOUT : EPOLLIN))
        close_one(crowd, c);
}

/* The one that has asked nothing, and for longest. */
static struct link *silent(const struct crowd *crowd) {
    const struct link *end = &crowd->waiting.ends;
    for (struct link *at = end->next; at != end; at = at->next)
        if (by_link(at)->want == WANT_INPUT && by_link(at)->request.len == 0)
            return at;
    return NULL;
}

void crowd_wind_up(struct crowd *crowd) {
    const struct link *end = &crowd->waiting.ends;
    crowd->session = false;
    for (struct link *at = end->next; at != end; at = at->next)
        by_link(at)->session = false;
}

void crowd_add(struct crowd *crowd, int fd, const struct service *service) {
    if (crowd->count >= crowd->max)
        crowd_evict(crowd);
    struct connection *c = malloc(sizeof(*c));
    if (c == NULL) {
        close(fd);
        return;
    }
    connection_start(c, fd, service, crowd->session);
    crowd->count++;
    crowd->hall.desk->stats->open = crowd->count;
    start_waiting(crowd, c);
    /* Often the request has come with the connection. */
    place(crowd, c, connection_input(c, &crowd->hall));
}

void crowd_ready(struct crowd *crowd, struct connection *c) {
    if (c->source.fd < 0)
        return;
    place(crowd, c,
          c->want == WANT_OUTPUT ? connection_output(c, &crowd->hall)
                                 : connection_input(c, &crowd->hall));
}

/* Most clients close as soon as they have their answer, and in the order they were answered
 * in: while there is work, one that has not closed stands for those behind it, but not for
 * long. epoll is asked only for who is left when there is none. */
static void see_answered(struct crowd *crowd, bool all) {
    const int64_t rest = EXCHANGE_DRAIN_MS - ANSWERED_MS;
    struct link *head;
    while ((head = queue_head(&crowd->answered)) != NULL) {
        struct connection *c = by_link(head);
        enum want want = connection_input(c, &crowd->hall);
        if (want == WANT_DRAIN && !all && c->until - rest > deadline_now())
            return;
        queue_push(&crowd->draining, head);
        place(crowd, c, want);
    }
}

bool crowd_evict(struct crowd *crowd) {
    size_t before = crowd->count;
    see_answered(crowd, true);
    if (crowd->count < before)
        return true;
    struct link *victim = silent(crowd);
    if (victim == NULL)
        victim = queue_head(&crowd->draining);
    if (victim == NULL)
        victim = queue_head(&crowd->waiting);
    if (victim != NULL)
        close_one(crowd, by_link(victim));
    return victim != NULL;
}

/* A request that has begun is answered, with what there is or with an error. */
static void expire(struct crowd *crowd, struct connection *c, enum ending ending) {
    enum want want = WANT_CLOSE;
    if (c->want == WANT_INPUT && c->request.len > 0)
        want = connection_end(c, &crowd->hall, ending);
    place(crowd, c, want);
}

void crowd_expire(struct crowd *crowd) {
    deadline now = deadline_now();
    struct link *head;
    while ((head = queue_head(&crowd->quiet)) != NULL && by_quiet(head)->quiet_until <= now) {
        struct pollfd pfd = {.fd = by_quiet(head)->source.fd, .events = POLLIN};
        if (poll(&pfd, 1, 0) > 0) /* it was us who did not listen */
            crowd_ready(crowd, by_quiet(head));
        else
            expire(crowd, by_quiet(head), ENDING_QUIET);
    }
    while ((head = queue_head(&crowd->waiting)) != NULL && by_link(head)->until <= now)
        expire(crowd, by_link(head), ENDING_LATE);
    while ((head = queue_head(&crowd->draining)) != NULL && by_link(head)->until <= now)
        close_one(crowd, by_link(head));
}

deadline crowd_next(const struct crowd *crowd, deadline until) {
    struct link *waiting = queue_head(&crowd->waiting);
    struct link *draining = queue_head(&crowd->draining);
    struct link *quiet = queue_head(&crowd->quiet);
    if (waiting != NULL)
        until = deadline_first(until, by_link(waiting)->until);
    if (draining != NULL)
        until = deadline_first(until, by_link(draining)->until);
    if (quiet != NULL)
        until = deadline_first(until, by_quiet(quiet)->quiet_until);
    return until;
}

void crowd_sweep(struct crowd *crowd, bool awake) {
    struct link *head;
    see_answered(crowd, !awake);
    while ((head = queue_head(&crowd->closed)) != NULL) {
        queue_remove(head);
        free(by_link(head));
    }
}
