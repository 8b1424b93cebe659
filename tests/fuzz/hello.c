/* Fuzzes hello: one answer, whole and exact, however the request came. */
#include "services/http.h"
#include "stream.h"

/* The field's value, of which there is exactly one in head. */
static struct span value_of(struct span head, struct span name) {
    struct span value = {NULL, 0};
    while (head.len > 0) {
        struct span line = first_line(head, &head);
        if (!span_starts(line, name))
            continue;
        must(value.at == NULL);
        value = span_from(line, name.len);
    }
    must(value.at != NULL);
    return value;
}

static size_t number_of(struct span digits) {
    size_t number = 0;
    must(digits.len > 0 && digits.len < 6);
    for (size_t i = 0; i < digits.len; i++) {
        must(digits.at[i] >= '0' && digits.at[i] <= '9');
        number = number * 10 + (size_t)(digits.at[i] - '0');
    }
    return number;
}

/* Empty lines before a request are passed over. */
static bool asks_by(struct span asked, struct span method) {
    while (asked.len > 0 && (asked.at[0] == '\n' || span_starts(asked, SPAN("\r\n"))))
        first_line(asked, &asked);
    return span_starts(asked, method);
}

static void must_be_one_answer(struct span answer, struct span asked) {
    const char *end = memmem(answer.at, answer.len, "\r\n\r\n", 4);
    must(end != NULL);
    struct span head = {answer.at, (size_t)(end - answer.at) + 2};
    struct span body = span_from(answer, head.len + 2);
    struct span status = {answer.at + 9, 3};
    must(span_starts(answer, SPAN("HTTP/1.1 ")) && http_reason((int)number_of(status)).len > 0);
    must(!span_equal(http_reason((int)number_of(status)), http_reason(500)));
    must(span_equal(value_of(head, SPAN("Connection: ")), SPAN("close")));
    must(value_of(head, SPAN("Date: ")).len == 29);
    size_t length = number_of(value_of(head, SPAN("Content-Length: ")));
    must(length > 0 || asks_by(asked, SPAN("OPTIONS ")));
    must(body.len == (asks_by(asked, SPAN("HEAD ")) ? 0 : length));
    must_be_plain_lines(answer);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size) {
    static const struct request_context context = {.now = {1700000000, 123456789}};
    static struct stream stream = {.service = &hello_service, .context = &context};
    static char bytes[ANSWER_MAX];
    static char again[ANSWER_MAX];
    struct text answer = {.at = bytes, .cap = sizeof(bytes)};
    struct text at_once = {.at = again, .cap = sizeof(again)};
    stream_of(data, size, &stream);
    converse(&stream, stream.piece, &answer);
    converse(&stream, stream.len + 1, &at_once);
    must(span_equal(text_span(&answer), text_span(&at_once)));
    if (stream.len > 0)
        must_be_one_answer(text_span(&answer), (struct span){stream.at, stream.len});
    return 0;
}
