#include "services/http.h"

#include "services/http_line.h"

#include <string.h>

/* Takes the next line off *rest. Returns false if *rest has no LF. A bare LF ends a
 * line too (RFC 9112, section 2.2); any other CR stays in the line. */
static bool next_line(struct span *rest, struct span *line) {
    const char *end = rest->len > 0 ? memchr(rest->at, '\n', rest->len) : NULL;
    if (end == NULL)
        return false;
    size_t len = (size_t)(end - rest->at);
    *line = (struct span){rest->at, len > 0 && end[-1] == '\r' ? len - 1 : len};
    *rest = span_from(*rest, len + 1);
    return true;
}

/* Skips empty lines before the request line (same section). */
static struct span without_empty_lines(struct span s) {
    while (s.len > 0 && (s.at[0] == '\n' || (s.at[0] == '\r' && s.len > 1 && s.at[1] == '\n')))
        s = span_from(s, s.at[0] == '\n' ? 1 : 2);
    return s;
}

/* An unended line is too long even if the next byte is its CR. */
static bool is_overlong(struct span unended) {
    size_t len = unended.len;
    if (len > 0 && unended.at[len - 1] == '\r')
        len--;
    return len > HTTP_LINE_MAX;
}

/* Returns the length of s up to and including its first empty line, searching from
 * byte from, or 0 if there is none. */
static size_t head_end(struct span s, size_t from) {
    for (size_t i = from; i < s.len; i++) {
        if (s.at[i] != '\n')
            continue;
        if (i + 1 < s.len && s.at[i + 1] == '\n')
            return i + 2;
        if (i + 2 < s.len && s.at[i + 1] == '\r' && s.at[i + 2] == '\n')
            return i + 3;
    }
    return 0;
}

static bool ends_at(struct request *request, size_t whole) {
    request->whole = whole;
    return whole > 0;
}

/* Searches the line, which may be incomplete, from byte from for a byte that no
 * request line can have. Returns the length up to and including it, or 0. Then the
 * answer need not wait for the line end: a TLS client would wait for its answer as
 * long. */
static size_t impossible_at(struct span line, size_t from) {
    for (size_t i = from; i < line.len && i < HTTP_LINE_MAX; i++) {
        bool may_end = line.at[i] == '\r' && i + 1 == line.len;
        if ((line.at[i] < ' ' || line.at[i] > '~') && !may_end)
            return i + 1;
    }
    return 0;
}

bool http_frame(struct request *request, size_t from) {
    struct span all = {request->at, request->len};
    struct span rest = without_empty_lines(all);
    size_t start = all.len - rest.len;
    struct span line = rest;
    bool ended = next_line(&rest, &line);
    size_t impossible = impossible_at(line, from > start ? from - start - 1 : 0);
    if (impossible > 0)
        return ends_at(request, start + impossible);
    if (!ended)
        return ends_at(request, is_overlong(rest) || all.len > HTTP_HEAD_MAX ? all.len : 0);
    size_t line_end = all.len - rest.len;
    if (line_end > from) { /* the request line has just become complete */
        struct http_head head;
        http_request_line(line, &head);
        if (head.status == 400 || line.len > HTTP_LINE_MAX)
            return ends_at(request, line_end);
    }
    /* An empty line may straddle two reads; its first LF is up to 2 bytes back. */
    size_t seen = from > line_end + 1 ? from - 2 : line_end - 1;
    size_t end = head_end(all, seen);
    return ends_at(request, end == 0 && all.len > HTTP_HEAD_MAX ? all.len : end);
}

static int parse_fields(struct span rest, struct http_head *head) {
    struct http_fields fields = {0};
    struct span line;
    while (next_line(&rest, &line)) {
        if (line.len == 0) {
            head->accept = fields.accept;
            return http_check_fields(&fields, head->minor);
        }
        int status = http_field_line(line, &fields);
        if (status != 0)
            return status;
    }
    return 400; /* the client closed before the end of the head */
}

struct http_head http_parse(const struct request *request) {
    size_t len = request->ending == ENDING_WHOLE ? request->whole : request->len;
    struct span rest = without_empty_lines((struct span){request->at, len});
    struct http_head head;
    struct span line = rest;
    bool ended = next_line(&rest, &line);
    http_request_line(line, &head);
    if (ended ? line.len > HTTP_LINE_MAX : is_overlong(line)) {
        head.status = 414;
    } else if (!ended) {
        head.status = len > HTTP_HEAD_MAX ? 431 : 400;
    } else {
        int status = len > HTTP_HEAD_MAX ? 431 : parse_fields(rest, &head);
        /* A malformed head is refused for that, whatever the request line asks. Not
         * with 505: fields may mean something else in another version. */
        if (head.status != 400 && head.status != 505 && status != 0)
            head.status = status;
    }
    if (request->ending == ENDING_LATE)
        head.status = 408;
    return head;
}

struct span http_reason(int status) {
    switch (status) {
    case 200: return SPAN("OK");
    case 400: return SPAN("Bad Request");
    case 404: return SPAN("Not Found");
    case 405: return SPAN("Method Not Allowed");
    case 408: return SPAN("Request Timeout");
    case 414: return SPAN("URI Too Long");
    case 431: return SPAN("Request Header Fields Too Large");
    case 501: return SPAN("Not Implemented");
    case 503: return SPAN("Service Unavailable");
    case 505: return SPAN("HTTP Version Not Supported");
    default: return SPAN("Internal Server Error");
    }
}
