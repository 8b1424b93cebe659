/* Fuzzes lookup: a session's framing, and its answers. */
#include "line.h"
#include "sample.h"

static bool can_be_said(enum result result, struct span said) {
    if (result == RESULT_MISS)
        return span_starts(said, SPAN("UNKNOWN NAME: "));
    if (result == RESULT_REFUSED) /* a browser */
        return span_starts(said, SPAN("HTTP/1.1 404 Not Found\r\n"));
    return result == RESULT_HIT && said.len > 0 && sample_has(said);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size) {
    static struct request_context context;
    static struct stream stream = {.service = &lookup_service, .context = &context};
    context.book = sample_book();
    return fuzz_lines(&stream, can_be_said, data, size);
}
