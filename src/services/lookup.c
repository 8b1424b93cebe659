/* lookup: answers a name with its office. */
#include "services/line.h"
#include "services/offices.h"

/* True for an HTTP/1.x request line (RFC 9112, section 3); no name looks like that. */
static bool is_http(struct span text) {
    struct span version = SPAN(" HTTP/1.");
    if (text.len <= version.len || text.at[text.len - 2] != '.')
        return false;
    char minor = text.at[text.len - 1];
    return minor >= '0' && minor <= '9' &&
           span_starts(span_from(text, text.len - version.len - 1), version);
}

/* Tells a browser that came to this port where to go. The body includes the line
 * end that is added after it. */
static enum result lookup_send_elsewhere(const struct line *line, struct text *out) {
    struct span body =
        SPAN("This port takes a name and answers with an office; it speaks no HTTP.\n"
             "The offices page is at port 8080: http://HOST:8080/offices");
    text_put(out, SPAN("HTTP/1.1 404 Not Found\r\nServer: lookup\r\nConnection: close\r\n"
                       "X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n"
                       "Content-Type: text/plain; charset=utf-8\r\nContent-Length: "));
    text_put_number(out, body.len + line->end.len);
    text_put(out, SPAN("\r\n\r\n"));
    text_put(out, body);
    return RESULT_REFUSED;
}

/* "finger -l" puts "/W " before the name (RFC 1288, section 2.3); many clients write
 * "/w ". */
static bool has_finger_switch(struct span text) {
    return span_starts(text, SPAN("/W ")) || span_starts(text, SPAN("/w "));
}

/* As offices_find. A name of the book that begins with "/W " is found as it is; else
 * the request asks for what follows. */
static int lookup_offices(const struct line *line, const struct book *book, struct text *out) {
    size_t start = out->len;
    int found = offices_find(line->text, book, line_separator(line), out);
    if (found < 0 || found == 1 || !has_finger_switch(line->text))
        return found;
    out->len = start;
    out->full = false;
    return offices_find(span_from(line->text, 3), book, line_separator(line), out);
}

static enum result lookup_find(const struct line *line, const struct request_context *context,
                               struct text *out) {
    size_t start = out->len;
    if (is_http(line->text))
        return lookup_send_elsewhere(line, out);
    int found = lookup_offices(line, context->book, out);
    if (found > 0)
        return RESULT_HIT;
    out->len = start;
    out->full = false;
    if (found < 0) {
        text_put(out, SPAN("ERROR: address book unavailable"));
        return RESULT_FAULT;
    }
    line_unknown(line, &lookup_service, out);
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
    .unknown = "UNKNOWN NAME: ",
    .prompt = "Please provide an input (a name, or -1 to exit): ",
    .frame = line_frame,
    .answer = lookup_answer,
};
