/* Fuzzes clock. */
#include "line.h"

/* A 9 in shape stands for any digit. */
static bool has_shape(struct span said, const char *shape) {
    for (size_t i = 0; i < said.len; i++) {
        bool digit = said.at[i] >= '0' && said.at[i] <= '9';
        if (shape[i] != (digit ? '9' : said.at[i]))
            return false;
    }
    return shape[said.len] == '\0';
}

static bool can_be_said(enum result result, struct span said) {
    if (result == RESULT_MISS)
        return span_starts(said, SPAN("UNKNOWN OPTION: "));
    return result == RESULT_HIT && (has_shape(said, "9999-99-99") || has_shape(said, "99:99:99") ||
                                    has_shape(said, "9999-99-99 99:99:99.999999"));
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size) {
    static const struct request_context context = {.now = {1700000000, 123456789}};
    static struct stream stream = {.service = &clock_service, .context = &context};
    return fuzz_lines(&stream, can_be_said, data, size);
}
