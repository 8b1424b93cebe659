#include "main/lookup_names.h"

#include "main/cli.h"
#include "main/lookup_answer.h"
#include "main/lookup_editor.h"
#include "main/lookup_lines.h"
#include "main/lookup_session.h"
#include "main/lookup_steps.h"
#include "net/ask.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    CONNECTIONS = 16,
    BATCH = 256,                 /* names per connection in a session */
    QUEUE = CONNECTIONS * BATCH, /* names that are requested or not yet printed */
    SESSION_TRIED = 32,          /* waiting names that make trying a session worthwhile */
    PROGRESS_MS = 100,
};

/* A name and, later, its answer. */
struct name {
    char *name;
    size_t len;
    char *text;
    size_t text_len;
    char *fault;
    enum { NAME_WAITING, NAME_ASKED, NAME_DONE } state;
};

/* A connection and the consecutive names that it requests. */
struct channel {
    struct ask ask;
    struct ask_steps steps;
    bool busy;
    bool in_session;
    size_t first, count;
    char *request;
    struct text text;
};

struct names {
    struct client *client;
    char **arguments; /* NULL: read lines */
    struct lines lines;
    bool ended; /* there are no more names to read */
    /* The queue holds the names numbered first to last - 1, each at its number modulo
     * QUEUE. */
    size_t first, last;
    size_t waiting; /* all names with lower numbers are requested */
    struct name queue[QUEUE];
    struct channel channels[CONNECTIONS];
    size_t channel_count;
    struct name_session session;
    bool tried_session, in_session;
    bool shows_progress;
    deadline progress;
    int status;
};

static void *names_must_have(void *memory) {
    if (memory == NULL)
        die(CLIENT_TROUBLE, "%s", strerror(ENOMEM));
    return memory;
}

static char *names_copy(struct span s) {
    char *copy = names_must_have(malloc(s.len + 1));
    if (s.len > 0)
        memcpy(copy, s.at, s.len);
    copy[s.len] = '\0';
    return copy;
}

static struct name *names_at(struct names *names, size_t number) {
    return &names->queue[number % QUEUE];
}

static void name_free(struct name *name) {
    free(name->name);
    free(name->text);
    free(name->fault);
}

/* ---- the names */

static int names_next(struct names *names, struct span *name) {
    if (names->arguments == NULL)
        return lines_next(&names->lines, name);
    if (*names->arguments == NULL)
        return -1;
    *name = span_of(*names->arguments++);
    return 1;
}

/* Servers count CR and NUL at the very end as part of the line end, and answer the
 * rest. */
static struct span name_without_end(struct span name) {
    while (name.len > 0 && (name.at[name.len - 1] == '\r' || name.at[name.len - 1] == '\0'))
        name.len--;
    return name;
}

static void names_read(struct names *names) {
    struct span name;
    while (!names->ended && names->last - names->first < QUEUE) {
        int next = names_next(names, &name);
        if (next == 0)
            return;
        names->ended = next < 0;
        if (next < 0)
            return;
        name = name_without_end(name);
        *names_at(names, names->last++) = (struct name){.name = names_copy(name), .len = name.len};
    }
}

/* Takes the next consecutive waiting names, at most max. Returns their number. */
static size_t names_take(struct names *names, size_t max, size_t *first) {
    size_t count = 0;
    while (names->waiting < names->last && names_at(names, names->waiting)->state != NAME_WAITING)
        names->waiting++;
    *first = names->waiting;
    while (count < max && *first + count < names->last &&
           names_at(names, *first + count)->state == NAME_WAITING)
        names_at(names, *first + count++)->state = NAME_ASKED;
    names->waiting += count;
    return count;
}

/* ---- a connection */

/* Writes the request: each name is a line, followed by the mark in a session. */
static struct span channel_write(struct channel *channel, struct names *names) {
    struct span mark = span_of(names->in_session ? names->session.mark : "");
    size_t cap = 0;
    for (size_t i = 0; i < channel->count; i++)
        cap += names_at(names, channel->first + i)->len + 1 + mark.len;
    channel->request = names_must_have(malloc(cap));
    struct text request = {.at = channel->request, .cap = cap};
    for (size_t i = 0; i < channel->count; i++) {
        const struct name *name = names_at(names, channel->first + i);
        text_put(&request, (struct span){name->name, name->len});
        text_put(&request, SPAN("\n"));
        text_put(&request, mark);
    }
    return text_span(&request);
}

/* Starts a request for waiting names. Returns false if there are none. */
static bool channel_begin(struct channel *channel, struct names *names) {
    size_t beyond = names->in_session ? SESSION_MARK_MAX : 0;
    channel->count = names_take(names, names->in_session ? BATCH : 1, &channel->first);
    if (channel->count == 0)
        return false;
    if (channel->text.at == NULL)
        channel->text.at = names_must_have(malloc(CLIENT_ANSWER_MAX + SESSION_MARK_MAX));
    channel->text.len = 0;
    channel->text.cap = CLIENT_ANSWER_MAX + beyond;
    channel->busy = true;
    channel->in_session = names->in_session;
    channel->steps = steps_begin(names->client);
    ask_begin(&channel->ask, &names->client->servers, channel_write(channel, names),
              deadline_in(names->client->wait), &channel->steps, &channel->text);
    channel->ask.server_ends = names->tried_session && !names->in_session;
    return true;
}

static void channel_answer(struct name *name, struct span text, const char *fault) {
    name->text = names_copy(text);
    name->text_len = text.len;
    name->fault = fault == NULL ? NULL : names_copy(span_of(fault));
    name->state = NAME_DONE;
}

/* Names without an answer wait again. If none was answered, either the first name
 * failed, or the server answers only one request after all. */
static void channel_end_session(struct channel *channel, struct names *names, const char *fault) {
    struct span rest = text_span(&channel->text);
    struct span answer;
    size_t done = 0;
    while (done < channel->count && name_session_next_answer(&names->session, &rest, &answer))
        channel_answer(names_at(names, channel->first + done++), answer, NULL);
    if (done == 0 && fault != NULL)
        channel_answer(names_at(names, channel->first + done++), rest, fault);
    else if (done == 0)
        names->in_session = false;
    for (size_t i = done; i < channel->count; i++)
        names_at(names, channel->first + i)->state = NAME_WAITING;
    if (done < channel->count && names->waiting > channel->first + done)
        names->waiting = channel->first + done;
}

static void channel_end(struct channel *channel, struct names *names) {
    const char *fault = channel->ask.state == ASK_FAILED ? channel->ask.fault : NULL;
    if (channel->in_session)
        channel_end_session(channel, names, fault);
    else
        channel_answer(names_at(names, channel->first), text_span(&channel->text), fault);
    ask_end(&channel->ask);
    free(channel->request);
    channel->busy = false;
}

/* ---- all of them */

static void names_begin(struct names *names) {
    const struct client *client = names->client;
    if (!names->tried_session && names->last - names->waiting >= SESSION_TRIED &&
        client->verbose == 0 && !client->servers.datagram) {
        names->tried_session = true;
        names->in_session = name_session_is_offered(names->client, &names->session);
    }
    for (size_t i = 0; i < names->channel_count; i++) {
        struct channel *channel = &names->channels[i];
        if (channel->busy)
            continue;
        if (!channel_begin(channel, names))
            return;
        if (ask_go_on(&channel->ask))
            channel_end(channel, names);
    }
}

static void names_show_progress(struct names *names, bool end) {
    deadline now = deadline_now();
    if (!names->shows_progress || (!end && names->progress > now))
        return;
    names->progress = now + PROGRESS_MS;
    if (end)
        fputs("\r\033[K", stderr);
    else
        fprintf(stderr, "\r\033[K%zu answered", names->first);
}

static void names_note_exact(struct client *client, const struct client_answer *answer,
                             int status) {
    if (client->hints && !client->exact && status != CLIENT_UNKNOWN)
        client->exact =
            status == CLIENT_TROUBLE || !answer_is_list(client, answer->name, answer->text);
}

/* Prints the answers in order, up to the first that is missing. */
static void names_print(struct names *names) {
    while (names->first < names->last && names_at(names, names->first)->state == NAME_DONE) {
        struct name *name = names_at(names, names->first++);
        struct client_answer answer = {
            {name->name, name->len}, {name->text, name->text_len}, name->fault};
        if (name->fault != NULL)
            names_show_progress(names, true);
        int status = answer_print(names->client, &answer);
        names_note_exact(names->client, &answer, status);
        names->status = status > names->status ? status : names->status;
        name_free(name);
    }
    names_show_progress(names, names->ended && names->first == names->last);
}

/* Waits until a connection can proceed, or input is available. */
static void names_wait(struct names *names) {
    struct pollfd pfd[CONNECTIONS + 1];
    nfds_t count = 0;
    deadline until = deadline_in(INT64_C(3600) * 1000);
    for (size_t i = 0; i < names->channel_count; i++) {
        const struct channel *channel = &names->channels[i];
        if (!channel->busy)
            continue;
        pfd[count++] = (struct pollfd){.fd = channel->ask.fd, .events = ask_events(&channel->ask)};
        until = deadline_first(until, ask_wake(&channel->ask));
    }
    if (!names->ended && names->arguments == NULL && names->last - names->first < QUEUE)
        pfd[count++] = (struct pollfd){.fd = names->lines.fd, .events = POLLIN};
    if (names->shows_progress)
        until = deadline_first(until, names->progress);
    int64_t left = until - deadline_now();
    poll(pfd, count, left > 0 ? (int)left : 0);
}

static void names_go_on(struct names *names) {
    for (size_t i = 0; i < names->channel_count; i++) {
        struct channel *channel = &names->channels[i];
        if (channel->busy && ask_go_on(&channel->ask))
            channel_end(channel, names);
    }
}

static bool names_head_is_done(struct names *names) {
    return names->first < names->last && names_at(names, names->first)->state == NAME_DONE;
}

/* Frees everything, including requests in progress if the reader has gone. */
static void names_free(struct names *names) {
    for (size_t i = 0; i < CONNECTIONS; i++) {
        struct channel *channel = &names->channels[i];
        if (channel->busy) {
            ask_end(&channel->ask);
            free(channel->request);
        }
        free(channel->text.at);
    }
    while (names->first < names->last)
        name_free(names_at(names, names->first++));
    lines_free(&names->lines);
    free(names);
}

static void names_run(struct names *names) {
    const struct client *client = names->client;
    /* Datagrams would be lost if they were sent faster than they are answered. */
    names->channel_count = client->verbose > 0 || client->servers.datagram ? 1 : CONNECTIONS;
    for (;;) {
        names_print(names);
        names_read(names);
        if (names->ended && names->first == names->last)
            break;
        names_begin(names);
        if (names_head_is_done(names))
            continue;
        if (fflush(stdout) == EOF)
            break; /* the reader has gone */
        names_wait(names);
        names_go_on(names);
    }
}

static struct names *names_new(struct client *client, char **arguments, int fd) {
    struct names *names = names_must_have(calloc(1, sizeof(struct names)));
    names->client = client;
    names->arguments = arguments;
    names->lines.fd = fd;
    return names;
}

int names_ask(struct client *client, char **arguments) {
    struct names *names = names_new(client, arguments, -1);
    names_run(names);
    int status = names->status;
    names_free(names);
    return status;
}

int names_ask_lines(struct client *client, int fd, int *error) {
    struct names *names = names_new(client, NULL, fd);
    names->shows_progress =
        isatty(STDERR_FILENO) == 1 && isatty(STDOUT_FILENO) == 0 && editor_moves_cursor();
    names->progress = deadline_in(PROGRESS_MS);
    names_run(names);
    int status = names->status;
    *error = names->lines.error;
    names_free(names);
    return status;
}
