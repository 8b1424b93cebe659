#include "services/line.h"

#include "data/fold.h"
#include "data/utf8.h"

#include <string.h>

bool line_frame(struct request *request, size_t from) {
    const char *end = memchr(request->at + from, '\n', request->len - from);
    if (end != NULL) {
        request->whole = (size_t)(end - request->at) + 1;
        request->cut = request->cut || request->whole > request->cap; /* one read can exceed cap */
        return true;
    }
    if (request->len >= request->cap) {
        /* Keep the last byte: if it is a CR, it may belong to the line end, which
         * the answer repeats. */
        request->at[0] = request->at[request->len - 1];
        request->len = 1;
        request->cut = true;
    }
    return false;
}

static struct span line_end(struct span raw) {
    if (raw.len == 0 || raw.at[raw.len - 1] != '\n')
        return SPAN("");
    if (raw.len >= 2 && raw.at[raw.len - 2] == '\r')
        return SPAN("\r\n");
    return SPAN("\n");
}

/* C programs may send the NUL of a string, telnet sends CR NUL, others send CR CR
 * LF. */
static struct span without_end(struct span raw, struct span end) {
    size_t len = raw.len - end.len;
    while (len > 0 && (raw.at[len - 1] == '\r' || raw.at[len - 1] == '\0'))
        len--;
    return (struct span){raw.at, len};
}

/* Returns the error message for an invalid request, or an empty span. trimmed is
 * content without the blanks around it. */
static struct span fault_of(const struct request *request, struct span content,
                            struct span trimmed) {
    if (request->ending == ENDING_LATE)
        return SPAN("ERROR: request timed out");
    if (request->cut || content.len > LINE_MAX_BYTES)
        return SPAN("ERROR: request longer than 1024 bytes");
    if (!utf8_is_plain(content))
        return SPAN("ERROR: request is not plain UTF-8 text");
    if (trimmed.len == 0)
        return SPAN("ERROR: empty request");
    return SPAN("");
}

enum result line_answer(const struct request *request, const struct request_context *context,
                        line_asker *ask, struct text *out) {
    bool whole = request->ending == ENDING_WHOLE;
    struct span raw = {request->at, whole ? request->whole : request->len};
    struct line line = {.end = line_end(raw)};
    struct span content = without_end(raw, line.end);
    line.text = fold_trim(content);
    struct span fault = fault_of(request, content, line.text);
    enum result result = request->ending == ENDING_LATE ? RESULT_LATE : RESULT_REFUSED;
    text_put(out, fault);
    if (fault.len == 0)
        result = ask(&line, context, out);
    text_put(out, line.end);
    return result;
}

struct span line_separator(const struct line *line) {
    return line->end.len > 0 ? line->end : SPAN("\n");
}

void line_unknown(const struct line *line, const struct service *service, struct text *out) {
    text_put(out, span_of(service->unknown));
    fold_upper(line->text, out); /* cannot fail: text is plain, and out has room */
}
