#include "main/lookup_answer.h"

#include "data/escape.h"
#include "data/fold.h"
#include "main/cli.h"
#include "main/lookup_json.h"
#include "main/lookup_steps.h"
#include "net/ask.h"
#include "net/log.h"
#include "services/line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct span answer_next_line(struct span *rest) {
    const char *end = memchr(rest->at, '\n', rest->len);
    struct span line = {rest->at, end == NULL ? rest->len : (size_t)(end - rest->at)};
    *rest = end == NULL ? (struct span){NULL, 0} : span_from(*rest, line.len + 1);
    while (line.len > 0 && line.at[line.len - 1] == '\r')
        line.len--;
    return line;
}

/* Without its line end; of CRs there may be several, as of lines. */
static struct span answer_without_end(struct span text) {
    if (text.len > 0 && text.at[text.len - 1] == '\n')
        text.len--;
    while (text.len > 0 && text.at[text.len - 1] == '\r')
        text.len--;
    return text;
}

/* The head of an answer in HTTP/1.x (RFC 9112, section 4). No office has a CR in it. */
static bool answer_is_http(struct span text) {
    struct span line = {text.at, 0};
    const char *end = text.len > 0 ? memchr(text.at, '\n', text.len) : NULL;
    if (end != NULL)
        line.len = (size_t)(end - text.at);
    return span_starts(line, SPAN("HTTP/1.")) && line.at[line.len - 1] == '\r';
}

static bool answer_same_name(struct span a, struct span b) {
    char bytes[2][LINE_MAX_BYTES * FOLD_GROWTH];
    struct text folded[] = {{.at = bytes[0], .cap = sizeof(bytes[0])},
                            {.at = bytes[1], .cap = sizeof(bytes[1])}};
    return fold_name(a, &folded[0]) == 0 && fold_name(b, &folded[1]) == 0 &&
           span_equal(text_span(&folded[0]), text_span(&folded[1]));
}

/* Accepts the words of every service, because the port may belong to another one. */
static bool answer_is_unknown(struct span name, struct span text) {
    const struct service *service;
    for (size_t i = 0; (service = service_at(i)) != NULL; i++) {
        struct span unknown = span_of(service->unknown == NULL ? "" : service->unknown);
        if (unknown.len > 0 && span_starts(text, unknown) &&
            answer_same_name(name, span_from(text, unknown.len)))
            return true;
    }
    return false;
}

static int answer_status(struct span name, struct span text) {
    if (span_starts(text, SPAN("ERROR: ")))
        return CLIENT_TROUBLE;
    return answer_is_unknown(name, text) ? CLIENT_UNKNOWN : CLIENT_ANSWERED;
}

/* Prints text, escaped so that it cannot act on a terminal. */
static void answer_put(struct span text, const char *except) {
    static char bytes[CLIENT_ANSWER_MAX * 4];
    while (text.len > 0) {
        size_t len = text.len < CLIENT_ANSWER_MAX ? text.len : CLIENT_ANSWER_MAX;
        struct text shown = {.at = bytes, .cap = sizeof(bytes)};
        escape((struct span){text.at, len}, "", except, &shown);
        fwrite(shown.at, 1, shown.len, stdout);
        text = span_from(text, len);
    }
}

static void answer_print_plain(const struct client *client, struct span text) {
    if (client->verbose > 0)
        fputs("Received from server: ", stdout);
    answer_put(text, "\n\t");
    putchar('\n');
    if (client->verbose > 0)
        steps_end(client);
}

static void answer_print_labels(struct span name, struct span rest) {
    do {
        struct span line = answer_next_line(&rest);
        answer_put(name, "");
        putchar('\t');
        answer_put(line, "");
        putchar('\n');
    } while (rest.at != NULL);
}

static int answer_print_all(struct client *client, const struct client_answer *answer) {
    struct span text = answer_without_end(answer->text);
    int status = answer_status(answer->name, text);
    if (answer->fault != NULL)
        status = CLIENT_TROUBLE;
    bool print = answer->fault == NULL || answer->text.len > 0;
    if (status == CLIENT_UNKNOWN && client->quiet)
        print = false;
    if (client->format == FORMAT_JSON && (print || answer->fault != NULL))
        json_print(client, answer, status, text);
    else if (print && client->format == FORMAT_LABEL)
        answer_print_labels(answer->name, text);
    else if (print)
        answer_print_plain(client, text);
    if (answer->fault != NULL) {
        fflush(stdout);
        log_fault("%s", answer->fault);
    }
    return status;
}

int answer_print(struct client *client, const struct client_answer *answer) {
    struct client_answer shown = *answer;
    if (shown.fault == NULL && answer_is_http(shown.text))
        shown.fault =
            "the server answers in HTTP: it has another port for names, or is no lookup server";
    return answer_print_all(client, &shown);
}

bool answer_split_match(struct span line, struct span *name, struct span *office) {
    const char *colon = memmem(line.at, line.len, ": ", 2);
    if (colon == NULL)
        return false;
    *name = (struct span){line.at, (size_t)(colon - line.at)};
    *office = span_from(line, name->len + 2);
    return true;
}

long answer_more(struct span line) {
    struct span before = SPAN("and ");
    struct span after = SPAN(" more");
    char number[16] = "";
    if (span_equal(line, SPAN("and more")))
        return -1;
    if (!span_starts(line, before) || line.len <= before.len + after.len ||
        !span_equal(span_from(line, line.len - after.len), after))
        return 0;
    size_t len = line.len - before.len - after.len;
    if (len >= sizeof(number))
        return 0;
    memcpy(number, line.at + before.len, len);
    int64_t count = cli_number(number, 0, INT32_MAX);
    return count > 0 && strlen(number) == len ? (long)count : 0;
}

/* Asks the server for name. True if office is one of its offices. */
static bool answer_has_office(struct client *client, struct span name, struct span office) {
    static char bytes[CLIENT_ANSWER_MAX];
    static const struct ask_steps silent = {NULL, NULL, NULL};
    char request[LINE_MAX_BYTES + 1];
    struct text line = {.at = request, .cap = sizeof(request)};
    struct text text = {.at = bytes, .cap = sizeof(bytes)};
    struct ask ask;
    text_put(&line, name);
    text_put(&line, SPAN("\n"));
    if (line.full || !ask_and_wait(&ask, &client->servers, text_span(&line),
                                   deadline_in(client->wait), &silent, &text))
        return false;
    struct span rest = text_span(&text);
    while (rest.at != NULL)
        if (span_equal(answer_next_line(&rest), office))
            return true;
    return false;
}

bool answer_is_list(struct client *client, struct span name, struct span text) {
    struct span rest = answer_without_end(text);
    struct span like, office, first, of_first;
    if (client->service == &lookup_service && answer_more(rest) < 0)
        return true; /* where to look ended before the first one */
    if (client->service != &lookup_service ||
        !answer_split_match(answer_next_line(&rest), &first, &of_first))
        return false;
    while (rest.at != NULL) {
        struct span line = answer_next_line(&rest);
        if (!answer_split_match(line, &like, &office) &&
            (rest.at != NULL || answer_more(line) == 0))
            return false;
    }
    return !answer_same_name(first, name) && answer_has_office(client, first, of_first);
}
