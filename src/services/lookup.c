/* lookup: a name in, the office out. */
#include "data/fold.h"
#include "services/line.h"

static enum result lookup_find(const struct line *line, const struct request_context *context,
                               struct text *out) {
    char folded[LINE_MAX_BYTES * FOLD_GROWTH];
    struct text key = {.at = folded, .cap = sizeof(folded)};
    size_t start = out->len;
    fold_name(line->text, &key); /* cannot fail: text is plain, key has room */
    int found = -1;
    if (context->book != NULL)
        found = book_find(context->book, text_span(&key), line_separator(line), out);
    if (found == 0)
        found = book_find_word(context->book, text_span(&key), line_separator(line), out);
    if (found > 0)
        return RESULT_HIT;
    out->len = start;
    out->full = false;
    if (found < 0) {
        text_put(out, SPAN("ERROR: address book unavailable"));
        return RESULT_FAULT;
    }
    line_unknown(line, SPAN("UNKNOWN NAME: "), out);
    return RESULT_MISS;
}

static enum result lookup_answer(const struct request *request,
                                 const struct request_context *context, struct text *out) {
    return line_answer(request, context, lookup_find, out);
}

const struct service lookup_service = {
    .name = "lookup",
    .port = 8084,
    .needs_book = true,
    .has_sessions = true,
    .has_datagrams = true,
    .quiet_ms = LINE_QUIET_MS,
    .request_max = LINE_BUFFER,
    .frame = line_frame,
    .answer = lookup_answer,
};
