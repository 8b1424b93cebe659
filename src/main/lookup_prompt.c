#include "main/lookup_prompt.h"

#include "data/fold.h"
#include "main/lookup_editor.h"
#include "main/lookup_names.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct prompt {
    const char *text;
    FILE *to; /* the terminal, even if answers go elsewhere; NULL: it cannot be written */
    bool edits;
    int error;
};

/* Reads a line without editing. */
static enum editor_result prompt_read_plain(struct prompt *prompt, char **line) {
    size_t room = 0;
    if (prompt->to != NULL) {
        fputs(prompt->text, prompt->to);
        fflush(prompt->to);
    }
    *line = NULL;
    if (getline(line, &room, stdin) >= 0)
        return EDITOR_LINE;
    prompt->error = ferror(stdin) ? errno : 0;
    free(*line);
    *line = NULL;
    return EDITOR_END;
}

static bool prompt_is_end(const char *line) {
    return span_equal(fold_trim(span_of(line)), SPAN("-1"));
}

/* Returns the next name, which the caller frees, or NULL at the end. */
static char *prompt_read(struct prompt *prompt) {
    for (;;) {
        char *line = NULL;
        enum editor_result result =
            prompt->edits ? editor_read(&line) : prompt_read_plain(prompt, &line);
        if (result == EDITOR_END && prompt->to != NULL)
            putc('\n', prompt->to);
        if (result == EDITOR_END)
            return NULL;
        if (result == EDITOR_CANCELLED)
            continue;
        line[strcspn(line, "\r\n")] = '\0';
        if (fold_trim(span_of(line)).len > 0)
            return line;
        free(line);
    }
}

int prompt_run(struct client *client, int *error) {
    struct prompt prompt = {
        .text = client->service->prompt,
        .to = isatty(STDOUT_FILENO) == 1   ? stdout
              : isatty(STDERR_FILENO) == 1 ? stderr
                                           : NULL,
    };
    int status = CLIENT_ANSWERED;
    char *line = NULL;
    prompt.edits = prompt.to != NULL && editor_open(prompt.text, prompt.to);
    while ((line = prompt_read(&prompt)) != NULL && !prompt_is_end(line)) {
        servers_retry(&client->servers);
        int one = names_ask(client, (char *[]){line, NULL});
        status = one > status ? one : status;
        fflush(stdout);
        if (prompt.edits)
            editor_remember(line);
        free(line);
    }
    free(line);
    if (prompt.edits)
        editor_close();
    *error = prompt.error;
    return status;
}
