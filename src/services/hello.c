/* hello: a greeting and the offices page over HTTP, one request a connection. */
#include "data/fold.h"
#include "data/utf8.h"
#include "services/http.h"
#include "services/http_query.h"
#include "services/http_target.h"
#include "services/moment.h"
#include "services/offices.h"

enum {
    HEAD_ROOM = 1024, /* maximum size of an answer's head */
    BODY_MAX = ANSWER_MAX - HEAD_ROOM,
};

/* An answer without its body. */
struct reply {
    int status;
    bool allow;  /* it lists the allowed methods */
    bool chosen; /* the media type was chosen by Accept */
    enum media media;
    struct span type; /* if it is none of these */
};

static void hello_put_status(struct text *out, int status) {
    text_put_number(out, (size_t)status);
    text_put(out, SPAN(" "));
    text_put(out, http_reason(status));
}

static void hello_put_head(struct text *out, const struct reply *reply, struct timespec now,
                           size_t length) {
    text_put(out, SPAN("HTTP/1.1 "));
    hello_put_status(out, reply->status);
    text_put(out, SPAN("\r\nDate: "));
    moment_http(now, out);
    text_put(out, SPAN("\r\nServer: lookup\r\nConnection: close\r\n"
                       "X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n"));
    if (reply->allow)
        text_put(out, SPAN("Allow: GET, HEAD, OPTIONS\r\n"));
    if (reply->chosen)
        text_put(out, SPAN("Vary: Accept, Accept-Language\r\n"));
    if (reply->media == MEDIA_HTML)
        text_put(out, offices_page_policy);
    if (length > 0) {
        text_put(out, SPAN("Content-Type: "));
        text_put(out, reply->type.len > 0 ? reply->type : media_type(reply->media));
        text_put(out, SPAN("\r\n"));
    }
    text_put(out, SPAN("Content-Length: "));
    text_put_number(out, length);
    text_put(out, SPAN("\r\n\r\n"));
}

/* True for /offices and the paths below it. *name is the part after /offices/,
 * still percent-encoded. */
static bool is_offices(struct span path, struct span *name) {
    return http_path_starts(path, "/offices", name) && (name->len == 0 || http_take(name) == '/');
}

static bool is_metrics(struct span path, const struct request_context *context) {
    return context->put_metrics != NULL && http_path_is(path, "/metrics");
}

static int status_of(const struct http_head *head, const struct request_context *context) {
    struct span name;
    if (head->status != 0)
        return head->status;
    if (http_path_is(head->path, "*"))
        return 200; /* OPTIONS for the whole server */
    if (!http_path_is(head->path, "/") && !is_offices(head->path, &name) &&
        !is_metrics(head->path, context))
        return 404;
    return head->method == METHOD_KNOWN ? 405 : 200;
}

static void hello_refuse_name(struct offices *offices, int status, struct span error) {
    offices->status = status;
    offices->error = error;
    offices->name = (struct span){NULL, 0};
}

/* Decodes the requested name into name, or sets the error. Returns false if there
 * is nothing to look up. */
static bool hello_take_name(const struct http_head *head, struct text *name,
                            struct offices *offices) {
    struct span value = SPAN("");
    struct span in_path = SPAN("");
    size_t count = http_query_find(head->query, "name", &value);
    bool is_query = count > 0;
    is_offices(head->path, &in_path);
    if (in_path.len > 0) {
        value = in_path;
        count++;
    }
    if (count == 0)
        return false;
    http_decode(value, is_query, name);
    offices->name = fold_trim(text_span(name));
    if (count > 1)
        hello_refuse_name(offices, 400, SPAN("more than one name"));
    else if (name->full)
        hello_refuse_name(offices, 414, SPAN("name longer than 1024 bytes"));
    else if (!utf8_is_plain(text_span(name)))
        hello_refuse_name(offices, 400, SPAN("name is not plain UTF-8 text"));
    else if (offices->name.len == 0)
        hello_refuse_name(offices, 400, SPAN("empty name"));
    return offices->status == 0;
}

static bool are_plain(struct offices offices) {
    struct span rest = offices.lines;
    struct offices_line line;
    offices.is_list = false;
    while (offices_next(&offices, &rest, &line))
        if (!utf8_is_plain(line.office))
            return false;
    return true;
}

/* A book from another program may hold text that is not UTF-8; it must not be sent
 * as UTF-8. */
static void hello_find_name(const struct book *book, struct text *lines, struct offices *offices) {
    int found = offices_find(offices->name, book, SPAN("\n"), lines);
    offices->lines = text_span(lines);
    offices->status = found > 0 ? 200 : 404;
    offices->is_list = found == 2;
    if (found < 0 || !are_plain(*offices)) {
        offices->status = 503;
        offices->error = SPAN("address book unavailable");
    }
}

/* Not inlined, so that other requests do not pay for its stack. */
__attribute__((noinline)) static void hello_reply_offices(const struct http_head *head,
                                                          const struct book *book,
                                                          struct reply *reply, struct text *body) {
    char name_bytes[OFFICES_NAME_MAX];
    char line_bytes[OFFICES_LINES_MAX];
    struct text name = {.at = name_bytes, .cap = sizeof(name_bytes)};
    struct text lines = {.at = line_bytes, .cap = sizeof(line_bytes)};
    struct offices offices = {0};
    reply->media = MEDIA_HTML;
    if (hello_take_name(head, &name, &offices))
        hello_find_name(book, &lines, &offices);
    if (offices.status != 0) {
        reply->status = offices.status;
        reply->chosen = true;
        reply->media = http_accept_best(&head->accept);
    }
    offices_put(&offices, reply->media, body);
    if (body->full) { /* thousands of escaped characters; plain text needs no escapes */
        reply->media = MEDIA_TEXT;
        *body = (struct text){.at = body->at, .cap = body->cap};
        offices_put(&offices, reply->media, body);
    }
}

static void hello_reply(const struct http_head *head, const struct request_context *context,
                        struct reply *reply, struct text *body) {
    struct span name;
    reply->status = status_of(head, context);
    reply->allow = reply->status == 405;
    if (reply->status != 200) {
        hello_put_status(body, reply->status);
        if (reply->status == 400 && head->is_raw)
            text_put(body, SPAN(": the target has bytes beyond ASCII. Write them as percent "
                                "escapes, as a browser\ndoes, and as curl does with "
                                "-G --data-urlencode 'name=...'."));
        text_put(body, SPAN("\n"));
    } else if (head->method == METHOD_OPTIONS) {
        reply->allow = true;
    } else if (is_offices(head->path, &name)) {
        hello_reply_offices(head, context->book, reply, body);
    } else if (is_metrics(head->path, context)) {
        reply->type = SPAN("text/plain; version=0.0.4; charset=utf-8");
        context->put_metrics(context->metrics, context->book, body);
    } else {
        text_put(body, SPAN("Hello From Server at "));
        moment_date_and_time(context->now, body);
    }
}

static enum result result_of(int status) {
    switch (status) {
    case 200: return RESULT_HIT;
    case 404:
    case 405:
    case 501: return RESULT_MISS;
    case 408: return RESULT_LATE;
    case 503: return RESULT_FAULT;
    default: return RESULT_REFUSED;
    }
}

/* Writes the body after the room for the longest head. Then it writes the head,
 * which needs the body's length, and moves the body up to it. */
static enum result hello_answer(const struct request *request,
                                const struct request_context *context, struct text *out) {
    struct http_head head = http_parse(request);
    struct reply reply = {.media = MEDIA_TEXT};
    struct text body = {.at = out->at + out->len + HEAD_ROOM, .cap = BODY_MAX};
    hello_reply(&head, context, &reply, &body);
    hello_put_head(out, &reply, context->now, body.len);
    if (head.method != METHOD_HEAD) {
        memmove(out->at + out->len, body.at, body.len);
        out->len += body.len;
    }
    return result_of(reply.status);
}

const struct service hello_service = {
    .name = "hello",
    .needs_book = true,
    .book_optional = true,
    .tells_time = true,
    .port = 8080,
    .quiet_ms = 0,
    .request_max = HTTP_BUFFER,
    .frame = http_frame,
    .answer = hello_answer,
};
