#include "server/connection.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Gives up what was kept. */
static void connection_drop_unsent(struct connection *c, struct hall *hall) {
    memory_free(&hall->memory, c->rest.at, c->rest.cap);
    c->rest = (struct text){0};
    c->sent = 0;
}

static enum want keep_rest(struct connection *c, struct hall *hall, struct span rest) {
    char *at = memory_take(&hall->memory, &c->holder, rest.len);
    if (at == NULL)
        return WANT_CLOSE;
    memcpy(at, rest.at, rest.len);
    c->rest = (struct text){.at = at, .len = rest.len, .cap = rest.len};
    c->sent = 0;
    return WANT_OUTPUT;
}

/* The half-close that follows the last answer goes in the same packet. */
static ssize_t give(const struct connection *c, const char *at, size_t len) {
    int more = c->concluding ? MSG_MORE : 0;
    return send(c->source.fd, at, len, MSG_DONTWAIT | MSG_NOSIGNAL | more);
}

/* Sends the batch and empties it; what does not go is kept in the connection.
 * WANT_INPUT: all has gone; WANT_OUTPUT: some is left; WANT_CLOSE: the client is
 * gone, or there is no memory for what is left. */
static enum want connection_flush(struct connection *c, struct hall *hall) {
    struct span out = text_span(&hall->batch);
    hall->batch.len = 0;
    if (out.len == 0)
        return WANT_INPUT;
    ssize_t sent = give(c, out.at, out.len);
    if (sent < 0 && !exchange_must_wait(errno))
        return WANT_CLOSE;
    out = span_from(out, sent > 0 ? (size_t)sent : 0);
    return out.len == 0 ? WANT_INPUT : keep_rest(c, hall, out);
}

/* Everything was sent, nothing more will be. WANT_DRAIN, or WANT_CLOSE if the
 * client has ended its side as well or is gone. */
static enum want connection_half_close(struct connection *c) {
    if (shutdown(c->source.fd, SHUT_WR) < 0 || c->at_eof)
        return WANT_CLOSE;
    return WANT_DRAIN;
}

/* Sends the batch as the last answers. WANT_DRAIN: all has gone, and the
 * half-close after it; else as above. */
static enum want connection_conclude(struct connection *c, struct hall *hall) {
    c->concluding = true;
    enum want want = connection_flush(c, hall);
    return want == WANT_INPUT ? connection_half_close(c) : want;
}

/* Sends more of what was kept; the same results. */
static enum want connection_resume(struct connection *c, struct hall *hall) {
    size_t left = c->rest.len - c->sent;
    ssize_t sent = give(c, c->rest.at + c->sent, left);
    if (sent < 0)
        return exchange_must_wait(errno) ? WANT_OUTPUT : WANT_CLOSE;
    c->sent += (size_t)sent;
    if (c->sent < c->rest.len)
        return WANT_OUTPUT;
    connection_drop_unsent(c, hall);
    return WANT_INPUT;
}

void connection_start(struct connection *c, int fd, const struct service *service, bool session) {
    /* The buffer is left as it is: clearing it would touch its pages. */
    memset(c, 0, offsetof(struct connection, buffer));
    c->source = (struct source){SOURCE_CONNECTION, fd};
    c->service = service;
    c->session = session && service->has_sessions;
    c->request = (struct request){.at = c->buffer, .cap = CONNECTION_BUFFER};
    if (c->request.cap > service->request_max)
        c->request.cap = service->request_max;
}

static bool has_large_buffer(const struct connection *c) {
    return c->request.cap > CONNECTION_BUFFER;
}

void connection_close(struct connection *c, struct hall *hall) {
    connection_drop_unsent(c, hall);
    if (has_large_buffer(c))
        memory_free(&hall->memory, c->request.at, c->request.cap);
    c->request = (struct request){.at = c->buffer, .cap = CONNECTION_BUFFER};
    queue_remove(&c->holder);
    queue_remove(&c->link);
    queue_remove(&c->quiet);
    close(c->source.fd);
    c->source.fd = -1;
}

/* A request that outgrows the connection's own buffer moves out of it. */
static enum want make_room(struct connection *c, struct hall *hall) {
    size_t max = c->service->request_max;
    if (c->request.len < c->request.cap || c->request.cap == max)
        return WANT_INPUT;
    char *larger = memory_take(&hall->memory, &c->holder, max);
    if (larger == NULL)
        return WANT_CLOSE;
    memcpy(larger, c->request.at, c->request.len);
    c->request.at = larger;
    c->request.cap = max;
    return WANT_INPUT;
}

static void answer(struct connection *c, struct hall *hall, enum ending ending) {
    c->request.ending = ending;
    c->answered = true;
    struct caller caller = {.fd = c->source.fd};
    desk_answer(hall->desk, c->service, &c->request, caller, &hall->batch);
}

/* Takes the request that was answered off the front of what was received. The
 * bytes behind it stay where they are; settle moves them when all is done. */
static void take_off(struct request *request, size_t used) {
    request->at += used;
    request->len -= used;
    request->cut = false;
}

static void settle(struct request *request, char *start) {
    if (request->at != start)
        memmove(start, request->at, request->len);
    request->at = start;
}

/* Puts the answer to every whole request that is there into the batch; bytes
 * before from were looked at. */
static enum want work(struct connection *c, struct hall *hall, size_t from) {
    char *start = c->request.at;
    enum want want = WANT_INPUT;
    desk_refresh(hall->desk);
    while (want == WANT_INPUT && c->request.len > from && c->service->frame(&c->request, from)) {
        answer(c, hall, ENDING_WHOLE);
        if (!c->session)
            return connection_conclude(c, hall);
        take_off(&c->request, c->request.whole);
        from = 0;
        if (hall->batch.len >= ANSWER_MAX)
            want = connection_flush(c, hall);
    }
    settle(&c->request, start);
    return want;
}

/* The end of what can be done with what was received. */
static enum want finish(struct connection *c, struct hall *hall, enum want want) {
    if (want == WANT_INPUT)
        want = connection_flush(c, hall);
    return want == WANT_INPUT ? make_room(c, hall) : want;
}

enum want connection_end(struct connection *c, struct hall *hall, enum ending ending) {
    desk_refresh(hall->desk);
    answer(c, hall, ending);
    if (!c->session || ending != ENDING_QUIET)
        return connection_conclude(c, hall);
    c->request.len = 0;
    c->request.cut = false;
    return connection_flush(c, hall);
}

static enum want drain(struct connection *c, const struct hall *hall) {
    ssize_t got = recv(c->source.fd, hall->heard.at, hall->heard.cap, MSG_DONTWAIT);
    if (got == 0 || (got < 0 && !exchange_must_wait(errno)))
        return WANT_CLOSE;
    c->drained += got > 0 ? (size_t)got : 0;
    return c->drained < EXCHANGE_DRAIN_BYTES ? WANT_DRAIN : WANT_CLOSE;
}

static enum want nothing_came(struct connection *c, struct hall *hall, bool at_eof) {
    if (!at_eof)
        return exchange_must_wait(errno) ? WANT_INPUT : WANT_CLOSE;
    c->at_eof = true;
    return c->request.len > 0 ? connection_end(c, hall, ENDING_EOF) : connection_half_close(c);
}

/* Who has sent more than his buffer holds is heard with that of the hall. Only what
 * was dealt with is taken out of the socket, and the beginning of a request, which
 * is shorter than cap: what a client that does not read has sent stays there. */
static enum want hear(struct connection *c, struct hall *hall) {
    struct request *request = &c->request;
    struct text *heard = &hall->heard;
    char *own = request->at;
    size_t had = request->len;
    memcpy(heard->at, own, had);
    ssize_t got = recv(c->source.fd, heard->at + had, heard->cap - had, MSG_DONTWAIT | MSG_PEEK);
    if (got <= 0)
        return WANT_INPUT; /* the next time comes to the same */
    request->at = heard->at;
    request->len += (size_t)got;
    enum want want = work(c, hall, had);
    size_t left = want == WANT_INPUT ? 0 : request->len;
    request->len -= left;
    settle(request, own);
    got -= (ssize_t)left;
    if (recv(c->source.fd, heard->at, (size_t)got, MSG_DONTWAIT) == got)
        return want;
    hall->batch.len = 0; /* what was looked at is not what was sent */
    return WANT_CLOSE;
}

enum want connection_input(struct connection *c, struct hall *hall) {
    struct request *request = &c->request;
    if (c->want == WANT_DRAIN)
        return drain(c, hall);
    size_t from = request->len;
    size_t room = request->cap - from;
    ssize_t got = recv(c->source.fd, request->at + from, room, MSG_DONTWAIT);
    if (got <= 0)
        return nothing_came(c, hall, got == 0);
    request->len += (size_t)got;
    enum want want = work(c, hall, from);
    if (c->session && want == WANT_INPUT && (size_t)got == room)
        want = hear(c, hall);
    return finish(c, hall, want);
}

enum want connection_output(struct connection *c, struct hall *hall) {
    enum want want = connection_resume(c, hall);
    if (want != WANT_INPUT)
        return want;
    if (!has_large_buffer(c))
        queue_remove(&c->holder);
    return c->concluding ? connection_half_close(c) : finish(c, hall, work(c, hall, 0));
}
