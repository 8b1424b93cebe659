/* Requests from a stream, in consecutive pieces.
 *
 * The first byte of an input says how the stream ends and how large the pieces are. In the
 * rest, FE stands for 512 letters, so that small inputs contain long requests. */
#ifndef LOOKUP_FUZZ_STREAM_H
#define LOOKUP_FUZZ_STREAM_H

#include "check.h"
#include "net/exchange.h"

enum { LETTERS = 512, STREAM_MAX = 128 * 1024, ANSWERS_MAX = 4 * 1024 * 1024 };

struct stream {
    const struct service *service;
    const struct request_context *context;
    size_t piece; /* bytes that arrive at a time */
    enum ending ending;
    size_t len;
    char at[STREAM_MAX];
};

/* Sets bytes, piece and ending. */
static inline void stream_of(const unsigned char *data, size_t size, struct stream *stream) {
    stream->piece = size > 0 ? 1u + data[0] / 3 : 1;
    stream->ending = (enum ending)(ENDING_EOF + (size > 0 ? data[0] % 3 : 0));
    stream->len = 0;
    for (size_t i = 1; i < size && stream->len + LETTERS <= STREAM_MAX; i++) {
        size_t times = data[i] == 0xFE ? LETTERS : 1;
        memset(stream->at + stream->len, data[i] == 0xFE ? 'a' : data[i], times);
        stream->len += times;
    }
}

/* Does what exchange_receive does with a connection; rest is the part not yet received. */
static inline bool receive(const struct stream *stream, size_t piece, struct span *rest,
                           struct request *request) {
    size_t from = 0;
    request->cut = false;
    for (;;) {
        if (request->len > from && stream->service->frame(request, from)) {
            request->ending = ENDING_WHOLE;
            must(request->whole > 0 && request->whole <= request->len);
            return true;
        }
        from = request->len;
        size_t got = request->cap - from < piece ? request->cap - from : piece;
        must(got > 0); /* there is room */
        got = rest->len < got ? rest->len : got;
        if (got == 0) {
            request->ending = stream->ending;
            return request->len > 0;
        }
        memcpy(request->at + from, rest->at, got);
        *rest = span_from(*rest, got);
        request->len += got;
    }
}

static inline enum result answer_one(const struct stream *stream, const struct request *request,
                                     struct text *out) {
    static char bytes[ANSWER_MAX];
    struct text answer = {.at = bytes, .cap = sizeof(bytes)};
    enum result result = stream->service->answer(request, stream->context, &answer);
    must(!answer.full && answer.len > 0 && result <= RESULT_FAULT);
    text_put(out, text_span(&answer));
    must(!out->full);
    return result;
}

/* Appends the answers to all requests of the stream, or to its first one. They arrive in pieces
 * of this size. Received bytes are in memory of their own, so that reading one byte too far is
 * detected. */
static inline void converse(const struct stream *stream, size_t piece, struct text *out) {
    struct exchange x = {.at_eof = false};
    struct request request = {.cap = stream->service->request_max};
    struct span rest = {stream->at, stream->len};
    request.at = malloc(request.cap);
    must(request.at != NULL && request.cap <= REQUEST_BUFFER);
    while (receive(stream, piece, &rest, &request)) {
        answer_one(stream, &request, out);
        x.at_eof = rest.len == 0;
        if (!stream->service->has_sessions || !exchange_next(&x, &request))
            break;
    }
    free(request.at);
}

#endif
