/* Fuzzes hello: there is one complete answer, the same however the request was split. */
#include "sample.h"
#include "services/http.h"
#include "stream.h"

/* Returns the value of the field, which must occur exactly once in head. */
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

/* Skips empty lines before a request. */
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

/* Every tag must be one of the page's own, for any name. */
static void must_be_our_page(struct span page) {
    static const char *const tags[] = {
        "<!DOCTYPE html>", "<html lang=", "</html>",  "<head>",   "</head>",
        "<meta ",          "<title>",     "</title>", "<style>",  "</style>",
        "<body>",          "</body>",     "<main>",   "</main>",  "<h1>",
        "</h1>",           "<h2>",        "</h2>",    "<form ",   "</form>",
        "<label ",         "</label>",    "<input ",  "<button>", "</button>",
        "<bdi>",           "</bdi>",      "<ul>",     "</ul>",    "<li>",
        "</li>",           "<table>",     "<tr>",     "</tr>",    "<th ",
        "</th>",           "<td>",        "</td>",    "<p>",      "</p>",
        "</table>",        "<link ",
    };
    for (const char *at; (at = memchr(page.at, '<', page.len)) != NULL;) {
        bool ours = false;
        page = span_from(page, (size_t)(at - page.at));
        for (size_t i = 0; i < sizeof(tags) / sizeof(tags)[0]; i++)
            ours = ours || span_starts(page, span_of(tags[i]));
        must(ours);
        page = span_from(page, 1);
    }
}

/* Must be one object, with closed strings and matching brackets. */
static void must_be_an_object(struct span json) {
    char open[8];
    size_t depth = 0;
    bool quoted = false;
    must(json.len > 2 && json.at[0] == '{' && json.at[json.len - 2] == '}');
    for (size_t i = 0; i < json.len; i++) {
        char c = json.at[i];
        must(i == json.len - 1 ? c == '\n' : (unsigned char)c >= ' ');
        if (c == '"')
            quoted = !quoted;
        else if (quoted && c == '\\')
            i++;
        else if (!quoted && (c == '{' || c == '[') && depth < sizeof(open))
            open[depth++] = c;
        else if (!quoted && (c == '}' || c == ']'))
            must(depth > 0 && open[--depth] == (c == '}' ? '{' : '['));
    }
    must(depth == 0 && !quoted);
}

static void must_be_its_type(struct span answer) {
    const char *end = memmem(answer.at, answer.len, "\r\n\r\n", 4);
    struct span head = {answer.at, end == NULL ? 0 : (size_t)(end - answer.at) + 2};
    struct span body = span_from(answer, head.len + 2);
    if (body.len > 0 && span_starts(value_of(head, SPAN("Content-Type: ")), SPAN("text/html")))
        must_be_our_page(body);
    if (body.len > 0 && span_starts(value_of(head, SPAN("Content-Type: ")), SPAN("application/")))
        must_be_an_object(body);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size) {
    static struct request_context context = {.now = {1700000000, 123456789}};
    static struct stream stream = {.service = &hello_service, .context = &context};
    static char bytes[ANSWER_MAX];
    static char again[ANSWER_MAX];
    struct text answer = {.at = bytes, .cap = sizeof(bytes)};
    struct text at_once = {.at = again, .cap = sizeof(again)};
    context.book = sample_book();
    stream_of(data, size, &stream);
    converse(&stream, stream.piece, &answer);
    converse(&stream, stream.len + 1, &at_once);
    must(span_equal(text_span(&answer), text_span(&at_once)));
    if (stream.len > 0) {
        must_be_one_answer(text_span(&answer), (struct span){stream.at, stream.len});
        must_be_its_type(text_span(&answer));
    }
    return 0;
}
