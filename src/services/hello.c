/* hello: a greeting over HTTP, one request a connection. */
#include "services/http.h"
#include "services/http_target.h"
#include "services/moment.h"

static void put_number(struct text *out, size_t value) {
    char digits[20];
    size_t at = sizeof(digits);
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    text_put(out, (struct span){digits + at, sizeof(digits) - at});
}

static void put_status(struct text *out, int status) {
    put_number(out, (size_t)status);
    text_put(out, SPAN(" "));
    text_put(out, http_reason(status));
}

static void put_head(struct text *out, int status, struct timespec now, bool allow, size_t length) {
    text_put(out, SPAN("HTTP/1.1 "));
    put_status(out, status);
    text_put(out, SPAN("\r\nDate: "));
    moment_http(now, out);
    text_put(out, SPAN("\r\nServer: lookup\r\nConnection: close\r\n"
                       "X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n"));
    if (allow)
        text_put(out, SPAN("Allow: GET, HEAD, OPTIONS\r\n"));
    if (length > 0)
        text_put(out, SPAN("Content-Type: text/plain; charset=utf-8\r\n"));
    text_put(out, SPAN("Content-Length: "));
    put_number(out, length);
    text_put(out, SPAN("\r\n\r\n"));
}

static int status_of(const struct http_head *head) {
    if (head->status != 0)
        return head->status;
    if (http_path_is(head->path, "*"))
        return 200; /* OPTIONS of the server as a whole */
    if (!http_path_is(head->path, "/"))
        return 404;
    return head->method == METHOD_KNOWN ? 405 : 200;
}

static enum result result_of(int status) {
    if (status == 200)
        return RESULT_HIT;
    if (status == 408)
        return RESULT_LATE;
    return status == 404 || status == 405 || status == 501 ? RESULT_MISS : RESULT_REFUSED;
}

static enum result hello_answer(const struct request *request,
                                const struct request_context *context, struct text *out) {
    struct http_head head = http_parse(request);
    int status = status_of(&head);
    char bytes[128];
    struct text body = {.at = bytes, .cap = sizeof(bytes)};
    bool options = status == 200 && head.method == METHOD_OPTIONS;
    if (status == 200 && !options) {
        text_put(&body, SPAN("Hello From Server at "));
        moment_date_and_time(context->now, &body);
    } else if (!options) {
        put_status(&body, status);
        text_put(&body, SPAN("\n"));
    }
    put_head(out, status, context->now, options || status == 405, body.len);
    if (head.method != METHOD_HEAD)
        text_put(out, text_span(&body));
    return result_of(status);
}

const struct service hello_service = {
    .name = "hello",
    .tells_time = true,
    .port = 8080,
    .quiet_ms = 0,
    .request_max = HTTP_BUFFER,
    .frame = http_frame,
    .answer = hello_answer,
};
