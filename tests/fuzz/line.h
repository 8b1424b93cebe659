/* The line protocol: each line of a stream gets the same answer as when it is sent alone. */
#ifndef LOOKUP_FUZZ_LINE_H
#define LOOKUP_FUZZ_LINE_H

#include "services/line.h"
#include "stream.h"

/* True if said, without its line end, is a possible answer for the result. */
typedef bool line_check(enum result result, struct span said);

/* Requests one line, including its end, if it has one. */
static inline void ask_alone(const struct stream *stream, struct span line, line_check *check,
                             struct text *out) {
    static char bytes[STREAM_MAX];
    struct request request = {.at = bytes, .len = line.len, .cap = line.len + 1};
    struct span end = ending_of(line);
    size_t start = out->len;
    memcpy(bytes, line.at, line.len);
    request.whole = line.len;
    request.ending = end.len > 0 ? ENDING_WHOLE : stream->ending;
    request.cut = line.len - (end.len > 0) >= LINE_BUFFER;
    enum result result = answer_one(stream, &request, out);
    struct span said = span_from(text_span(out), start);
    must(span_equal(ending_of(said), end));
    said.len -= end.len;
    must_be_plain_lines(said);
    bool refused = result == RESULT_REFUSED || result == RESULT_LATE;
    must((refused && span_starts(said, SPAN("ERROR: "))) || check(result, said));
}

static inline void ask_alone_each(const struct stream *stream, line_check *check,
                                  struct text *out) {
    struct span rest = {stream->at, stream->len};
    while (rest.len > 0) {
        struct span line = {rest.at, 0};
        first_line(rest, &rest);
        line.len = (size_t)(rest.at - line.at);
        ask_alone(stream, line, check, out);
    }
}

static inline int fuzz_lines(struct stream *stream, line_check *check, const unsigned char *data,
                             size_t size) {
    static char alone_bytes[ANSWERS_MAX];
    static char answer_bytes[ANSWERS_MAX];
    struct text alone = {.at = alone_bytes, .cap = sizeof(alone_bytes)};
    struct text answers = {.at = answer_bytes, .cap = sizeof(answer_bytes)};
    stream_of(data, size, stream);
    ask_alone_each(stream, check, &alone);
    converse(stream, stream->piece, &answers);
    must(span_equal(text_span(&answers), text_span(&alone)));
    return 0;
}

#endif
