#include "main/lookup_session.h"

#include "net/ask.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

static bool name_session_make_marks(const struct client *client, struct name_session *session) {
    uint64_t random[2];
    char mark[36];
    if (getrandom(random, sizeof(random), 0) != sizeof(random))
        return false;
    snprintf(mark, sizeof(mark), "%016" PRIX64 "%016" PRIX64 "\n", random[0], random[1]);
    snprintf(session->mark, sizeof(session->mark), "%s", mark);
    snprintf(session->end, sizeof(session->end), "%s%s", client->service->unknown, mark);
    return true;
}

static struct span name_session_twice(const char *line, struct text *out) {
    text_put(out, span_of(line));
    text_put(out, span_of(line));
    return text_span(out);
}

bool name_session_is_offered(struct client *client, struct name_session *session) {
    static const struct ask_steps silent = {NULL, NULL, NULL};
    char asked[2 * SESSION_MARK_MAX], expected[2 * SESSION_MARK_MAX], came[4 * SESSION_MARK_MAX];
    struct text request = {.at = asked, .cap = sizeof(asked)};
    struct text two = {.at = expected, .cap = sizeof(expected)};
    struct text answer = {.at = came, .cap = sizeof(came)};
    struct ask ask;
    return name_session_make_marks(client, session) &&
           ask_and_wait(&ask, &client->servers, name_session_twice(session->mark, &request),
                        deadline_in(client->wait), &silent, &answer) &&
           span_equal(text_span(&answer), name_session_twice(session->end, &two));
}

bool name_session_next_answer(const struct name_session *session, struct span *rest,
                              struct span *answer) {
    size_t end_len = strlen(session->end);
    struct span from = *rest;
    for (;;) {
        const char *at = memmem(from.at, from.len, session->end, end_len);
        if (at == NULL)
            return false;
        *answer = (struct span){rest->at, (size_t)(at - rest->at)};
        from = span_from(*rest, answer->len + end_len);
        if (answer->len > 0 && answer->at[answer->len - 1] == '\n')
            break;
    }
    *rest = from;
    return true;
}
