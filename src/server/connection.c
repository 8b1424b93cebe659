#include "server/connection.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void connection_drop_unsent(struct connection *c, struct conn_shared *shared) {
    budget_free(&shared->budget, &c->holder, c->unsent.at, c->unsent.cap);
    c->unsent = (struct text){0};
    c->unsent_at = 0;
}

static enum want connection_keep_unsent(struct connection *c, struct conn_shared *shared,
                                        struct span unsent) {
    char *at = budget_take(&shared->budget, &c->holder, unsent.len);
    if (at == NULL)
        return WANT_CLOSE;
    memcpy(at, unsent.at, unsent.len);
    c->unsent = (struct text){.at = at, .len = unsent.len, .cap = unsent.len};
    c->unsent_at = 0;
    return WANT_OUTPUT;
}

/* MSG_MORE: the half-close after the last answer goes in the same packet. */
static ssize_t connection_write_some(const struct connection *c, const char *at, size_t len) {
    int more = c->close_after_write ? MSG_MORE : 0;
    return send(c->source.fd, at, len, MSG_DONTWAIT | MSG_NOSIGNAL | more);
}

/* Sends outbuf and empties it. Keeps what cannot be sent now in the connection. Returns
 * WANT_INPUT if all was sent, WANT_OUTPUT if some is left, or WANT_CLOSE if the client is
 * gone or there is no memory for the rest. */
static enum want connection_flush(struct connection *c, struct conn_shared *shared) {
    struct span out = text_span(&shared->outbuf);
    shared->outbuf.len = 0;
    if (out.len == 0)
        return WANT_INPUT;
    ssize_t sent = connection_write_some(c, out.at, out.len);
    if (sent < 0 && !exchange_must_wait(errno))
        return WANT_CLOSE;
    out = span_from(out, sent > 0 ? (size_t)sent : 0);
    return out.len == 0 ? WANT_INPUT : connection_keep_unsent(c, shared, out);
}

/* Call it when everything was sent. Returns WANT_LINGER, or WANT_CLOSE if the client has closed
 * its side too or is gone. */
static enum want connection_half_close(struct connection *c) {
    if (shutdown(c->source.fd, SHUT_WR) < 0 || c->at_eof)
        return WANT_CLOSE;
    return WANT_LINGER;
}

/* Sends outbuf as the last answers. If all was sent, it half-closes and returns as
 * connection_half_close does. Otherwise it returns as connection_flush does. */
static enum want connection_conclude(struct connection *c, struct conn_shared *shared) {
    c->close_after_write = true;
    enum want want = connection_flush(c, shared);
    return want == WANT_INPUT ? connection_half_close(c) : want;
}

/* Sends more of unsent. Returns as connection_flush does. */
static enum want connection_resume(struct connection *c, struct conn_shared *shared) {
    size_t left = c->unsent.len - c->unsent_at;
    ssize_t sent = connection_write_some(c, c->unsent.at + c->unsent_at, left);
    if (sent < 0)
        return exchange_must_wait(errno) ? WANT_OUTPUT : WANT_CLOSE;
    c->unsent_at += (size_t)sent;
    if (c->unsent_at < c->unsent.len)
        return WANT_OUTPUT;
    connection_drop_unsent(c, shared);
    return WANT_INPUT;
}

void connection_start(struct connection *c, int fd, const struct service *service, bool session) {
    /* Does not clear the buffer: that would touch its pages. */
    memset(c, 0, offsetof(struct connection, buffer));
    c->source = (struct event_source){SOURCE_CONNECTION, fd};
    c->service = service;
    c->session = session && service->has_sessions;
    c->request = (struct request){.at = c->buffer, .cap = CONNECTION_BUFFER};
    if (c->request.cap > service->request_max)
        c->request.cap = service->request_max;
}

static bool has_large_buffer(const struct connection *c) {
    return c->request.cap > CONNECTION_BUFFER;
}

void connection_close(struct connection *c, struct conn_shared *shared) {
    connection_drop_unsent(c, shared);
    if (has_large_buffer(c))
        budget_free(&shared->budget, &c->holder, c->request.at, c->request.cap);
    c->request = (struct request){.at = c->buffer, .cap = CONNECTION_BUFFER};
    list_remove(&c->link);
    list_remove(&c->quiet);
    close(c->source.fd);
    c->source.fd = -1;
}

/* Moves a request that fills the connection's own buffer to a buffer from the budget. */
static enum want connection_grow_request(struct connection *c, struct conn_shared *shared) {
    size_t max = c->service->request_max;
    if (c->request.len < c->request.cap || c->request.cap == max)
        return WANT_INPUT;
    char *larger = budget_take(&shared->budget, &c->holder, max);
    if (larger == NULL)
        return WANT_CLOSE;
    memcpy(larger, c->request.at, c->request.len);
    c->request.at = larger;
    c->request.cap = max;
    return WANT_INPUT;
}

static struct caller connection_caller(const struct connection *c) {
    bool named = c->peer.any.sa_family != AF_UNSPEC;
    return (struct caller){.fd = c->source.fd, .address = named ? &c->peer.any : NULL};
}

static void connection_answer(struct connection *c, struct conn_shared *shared,
                              enum ending ending) {
    c->request.ending = ending;
    c->answered = true;
    responder_answer(shared->responder, c->service, &c->request, connection_caller(c),
                     &shared->outbuf);
}

/* Drops the answered request from the front of the input. The bytes after it stay where they
 * are until request_compact moves them, once for all requests. */
static void request_consume(struct request *request, size_t used) {
    request->at += used;
    request->len -= used;
    request->cut = false;
}

static void request_compact(struct request *request, char *start) {
    if (request->at != start)
        memmove(start, request->at, request->len);
    request->at = start;
}

static void connection_begin_turn(const struct connection *c, struct conn_shared *shared) {
    if (c->session) /* any other connection has one request */
        shared->turn_until = deadline_in(CONNECTION_TURN_MS);
}

static bool turn_is_over(const struct conn_shared *shared) {
    return deadline_now() >= shared->turn_until;
}

/* Puts answers to whole requests into outbuf, as many as fit before a flush. All come from one
 * book: if the book changes meanwhile, it answers again. No request ends before offset from.
 * Returns false if no whole request is left. */
static bool connection_answer_some(struct connection *c, struct conn_shared *shared, size_t from) {
    const struct request begun = c->request;
    const size_t kept = shared->outbuf.len;
    size_t at = from;
    unsigned count;
    bool more;
    do {
        c->request = begun;
        shared->outbuf.len = kept;
        at = from;
        count = 0;
        while ((more = c->request.len > at && c->service->frame(&c->request, at))) {
            connection_answer(c, shared, ENDING_WHOLE);
            if (!c->session)
                break;
            request_consume(&c->request, c->request.whole);
            at = 0;
            if (shared->outbuf.len >= ANSWER_MAX ||
                (++count % CONNECTION_TURN_REQUESTS == 0 && turn_is_over(shared)))
                break;
        }
    } while (shared->outbuf.len > kept && book_changed_meanwhile(shared->responder));
    return more;
}

/* Answers all whole requests and sends the answers. Also returns WANT_OUTPUT if the turn is
 * over: the connection is writable, so epoll reports it again after the others. */
static enum want connection_answer_whole_requests(struct connection *c, struct conn_shared *shared,
                                                  size_t from) {
    char *start = c->request.at;
    enum want want = WANT_INPUT;
    book_reload_if_changed(shared->responder);
    while (want == WANT_INPUT && connection_answer_some(c, shared, from)) {
        if (!c->session)
            return connection_conclude(c, shared);
        want = connection_flush(c, shared);
        from = 0;
        if (want == WANT_INPUT && turn_is_over(shared))
            want = WANT_OUTPUT;
    }
    request_compact(&c->request, start);
    return want;
}

/* Sends the answers so far, and enlarges the buffer if the request fills it. */
static enum want connection_flush_or_grow(struct connection *c, struct conn_shared *shared,
                                          enum want want) {
    if (want == WANT_INPUT)
        want = connection_flush(c, shared);
    return want == WANT_INPUT ? connection_grow_request(c, shared) : want;
}

enum want connection_end(struct connection *c, struct conn_shared *shared, enum ending ending) {
    book_reload_if_changed(shared->responder);
    do {
        shared->outbuf.len = 0;
        connection_answer(c, shared, ending);
    } while (book_changed_meanwhile(shared->responder));
    if (!c->session || ending != ENDING_QUIET)
        return connection_conclude(c, shared);
    c->request.len = 0;
    c->request.cut = false;
    return connection_flush(c, shared);
}

static enum want connection_linger(struct connection *c) {
    ssize_t got = recv(c->source.fd, c->buffer, sizeof(c->buffer), MSG_DONTWAIT);
    if (got == 0 || (got < 0 && !exchange_must_wait(errno)))
        return WANT_CLOSE;
    c->lingered += got > 0 ? (size_t)got : 0;
    return c->lingered < LINGER_BYTES ? WANT_LINGER : WANT_CLOSE;
}

static enum want connection_nothing_came(struct connection *c, struct conn_shared *shared,
                                         bool at_eof) {
    if (!at_eof)
        return exchange_must_wait(errno) ? WANT_INPUT : WANT_CLOSE;
    c->at_eof = true;
    return c->request.len > 0 ? connection_end(c, shared, ENDING_EOF) : connection_half_close(c);
}

/* Reports a broken header, as the proxy's. A connection that ends before its first byte is not
 * reported: it only checks whether the port is open. */
static enum want connection_header_broken(const struct connection *c, struct conn_shared *shared,
                                          size_t len) {
    struct span header = {c->buffer, len};
    struct caller proxy = {.fd = c->source.fd};
    if (len > 0)
        responder_refuse_header(shared->responder, c->service, header, proxy);
    return WANT_CLOSE;
}

/* Discards what is left of the header behind the addresses. */
static enum want connection_skip_header(struct connection *c, struct conn_shared *shared) {
    char *at = c->buffer + c->header_len;
    size_t room = sizeof(c->buffer) - c->header_len;
    while (c->header_left > 0) {
        ssize_t got =
            recv(c->source.fd, at, c->header_left < room ? c->header_left : room, MSG_DONTWAIT);
        if (got < 0)
            return exchange_must_wait(errno) ? WANT_INPUT : WANT_CLOSE;
        if (got == 0)
            return connection_header_broken(c, shared, c->header_len);
        c->header_left -= (size_t)got;
    }
    c->header_due = false;
    return WANT_INPUT;
}

/* Peeks first and then reads only the header. What follows stays for connection_input. */
enum want connection_header(struct connection *c, struct conn_shared *shared) {
    struct proxy_header header;
    if (c->header_left > 0)
        return connection_skip_header(c, shared);
    char *at = c->buffer + c->header_len;
    ssize_t got = recv(c->source.fd, at, PROXY_SEEN_MAX - c->header_len, MSG_DONTWAIT | MSG_PEEK);
    if (got < 0)
        return exchange_must_wait(errno) ? WANT_INPUT : WANT_CLOSE;
    size_t len = c->header_len + (size_t)got;
    enum proxy_verdict verdict = proxy_read((struct span){c->buffer, len}, &header);
    if (got == 0 || verdict == PROXY_BROKEN)
        return connection_header_broken(c, shared, len);
    if (verdict == PROXY_WHOLE) {
        c->peer = header.peer;
        c->header_left = header.len > len ? header.len - len : 0;
        len = header.len - c->header_left;
    }
    recv(c->source.fd, at, len - c->header_len,
         MSG_DONTWAIT); /* cannot fail: MSG_PEEK saw these bytes */
    c->header_len = len;
    return verdict == PROXY_WHOLE ? connection_skip_header(c, shared) : WANT_INPUT;
}

/* Reads several times in a row, because a client that pipelines fills the buffer each time. The
 * number is limited, because other connections wait. */
enum want connection_input(struct connection *c, struct conn_shared *shared) {
    struct request *request = &c->request;
    if (c->want == WANT_LINGER)
        return connection_linger(c);
    enum want want = WANT_INPUT;
    bool more = true;
    connection_begin_turn(c, shared);
    for (int i = 0; i < CONNECTION_READS && more && want == WANT_INPUT; i++) {
        size_t from = request->len;
        size_t room = request->cap - from;
        ssize_t got = recv(c->source.fd, request->at + from, room, MSG_DONTWAIT);
        if (got <= 0 && i == 0)
            return connection_nothing_came(c, shared, got == 0);
        if (got <= 0)
            break; /* the next event handles EOF and errors */
        request->len += (size_t)got;
        want = connection_answer_whole_requests(c, shared, from);
        more = c->session && (size_t)got == room && request->len < request->cap;
    }
    return connection_flush_or_grow(c, shared, want);
}

enum want connection_output(struct connection *c, struct conn_shared *shared) {
    enum want want = c->unsent.len > 0 ? connection_resume(c, shared) : WANT_INPUT;
    if (want != WANT_INPUT)
        return want;
    connection_begin_turn(c, shared);
    return c->close_after_write ? connection_half_close(c)
                                : connection_flush_or_grow(
                                      c, shared, connection_answer_whole_requests(c, shared, 0));
}
