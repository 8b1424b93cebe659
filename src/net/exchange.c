#include "net/exchange.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* True if this error of a read or write means that the client has gone. */
static bool client_is_gone(int error) {
    return error == ECONNRESET || error == EPIPE || error == ETIMEDOUT || error == ENETRESET ||
           error == ECONNABORTED || error == EHOSTUNREACH || error == ENETUNREACH ||
           error == ENOTCONN || /* reset before the first call */
           error == EIO;        /* a terminal was hung up */
}

/* MSG_DONTWAIT: another process that shares the connection may have read the bytes
 * that poll saw, and a read that blocks would miss the deadline. */
static ssize_t exchange_read_some(const struct exchange *x, char *at, size_t room) {
    return x->in_is_socket ? recv(x->in, at, room, MSG_DONTWAIT) : read(x->in, at, room);
}

/* A pipe that poll reports as writable has room for PIPE_BUF bytes. Writing more
 * might block. */
static ssize_t exchange_write_some(const struct exchange *x, struct span s) {
    if (x->out_is_socket)
        return send(x->out, s.at, s.len, MSG_DONTWAIT | MSG_NOSIGNAL);
    return write(x->out, s.at, s.len < PIPE_BUF ? s.len : PIPE_BUF);
}

/* Returns the deadline for the next byte. Sets *ending to what it means if none
 * arrives. */
static deadline exchange_next_deadline(const struct service *service, const struct request *request,
                                       deadline until, enum ending *ending) {
    *ending = ENDING_LATE;
    if (request->len == 0 || service->quiet_ms == 0)
        return until;
    deadline quiet = deadline_in(service->quiet_ms);
    if (quiet < until)
        *ending = ENDING_QUIET;
    return deadline_first(quiet, until);
}

/* Returns 1 if bytes arrived, or 0 if the request has ended as *ending says (if
 * request->len is 0, there will be none), or -1 and sets errno. The first read of a
 * socket is tried without waiting. Each later read waits first, which checks the
 * deadline. */
static int exchange_receive_more(struct exchange *x, deadline until, struct request *request,
                                 enum ending *ending) {
    bool wait = !x->in_is_socket || request->len > 0;
    for (;; wait = true) {
        int ready = wait ? deadline_wait(x->in, POLLIN, until) : 1;
        if (ready <= 0)
            return ready;
        ssize_t got =
            exchange_read_some(x, request->at + request->len, request->cap - request->len);
        if (got > 0) {
            request->len += (size_t)got;
            return 1;
        }
        if (got < 0 && exchange_must_wait(errno))
            continue;
        if (got < 0 && !client_is_gone(errno))
            return -1;
        if (got < 0)
            request->len = 0; /* reset: there is nobody to answer */
        x->at_eof = true;
        *ending = ENDING_EOF;
        return 0;
    }
}

int exchange_receive(struct exchange *x, const struct service *service, deadline until,
                     struct request *request) {
    size_t from = 0;
    request->cut = false;
    for (;;) {
        if (request->len > from && service->frame(request, from)) {
            request->ending = ENDING_WHOLE;
            return 1;
        }
        /* Nothing else would stop a client that never pauses. */
        if (request->len > 0 && deadline_now() >= until) {
            request->ending = ENDING_LATE;
            return 1;
        }
        from = request->len;
        enum ending ending;
        deadline next = exchange_next_deadline(service, request, until, &ending);
        int more = exchange_receive_more(x, next, request, &ending);
        if (more < 0)
            return -1;
        if (more == 0) {
            request->ending = ending;
            return request->len > 0;
        }
    }
}

bool exchange_next(const struct exchange *x, struct request *request) {
    if (request->ending == ENDING_LATE)
        return false;
    size_t used = request->ending == ENDING_WHOLE ? request->whole : request->len;
    request->len -= used;
    memmove(request->at, request->at + used, request->len);
    return request->len > 0 || !x->at_eof;
}

int exchange_send(const struct exchange *x, struct span answer, deadline until) {
    for (bool wait = !x->out_is_socket; answer.len > 0; wait = true) {
        int ready = wait ? deadline_wait(x->out, POLLOUT, until) : 1;
        if (ready <= 0)
            return ready;
        ssize_t sent = exchange_write_some(x, answer);
        if (sent >= 0)
            answer = span_from(answer, (size_t)sent);
        else if (client_is_gone(errno))
            return 0;
        else if (!exchange_must_wait(errno))
            return -1;
    }
    return 1;
}

void exchange_finish(const struct exchange *x, char *sink, size_t size) {
    if (!x->out_is_socket || shutdown(x->out, SHUT_WR) < 0 || !x->in_is_socket || x->at_eof)
        return;
    deadline until = deadline_in(LINGER_MS);
    for (size_t drained = 0; drained < LINGER_BYTES;) {
        if (deadline_wait(x->in, POLLIN, until) <= 0)
            return;
        ssize_t got = recv(x->in, sink, size, MSG_DONTWAIT);
        if (got == 0 || (got < 0 && !exchange_must_wait(errno)))
            return;
        drained += got > 0 ? (size_t)got : 0;
    }
}
