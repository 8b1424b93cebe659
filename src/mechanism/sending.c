#include "mechanism/sending.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

void sending_drop(struct connection *c, struct hall *hall) {
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

enum want sending_flush(struct connection *c, struct hall *hall) {
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

enum want sending_half_close(struct connection *c) {
    if (shutdown(c->source.fd, SHUT_WR) < 0 || c->at_eof)
        return WANT_CLOSE;
    return WANT_DRAIN;
}

enum want sending_conclude(struct connection *c, struct hall *hall) {
    c->concluding = true;
    enum want want = sending_flush(c, hall);
    return want == WANT_INPUT ? sending_half_close(c) : want;
}

enum want sending_resume(struct connection *c, struct hall *hall) {
    size_t left = c->rest.len - c->sent;
    ssize_t sent = give(c, c->rest.at + c->sent, left);
    if (sent < 0)
        return exchange_must_wait(errno) ? WANT_OUTPUT : WANT_CLOSE;
    c->sent += (size_t)sent;
    if (c->sent < c->rest.len)
        return WANT_OUTPUT;
    sending_drop(c, hall);
    return WANT_INPUT;
}
