#include "main/lookup_prompt.h"

#include "main/lookup_names.h"
#include "services/line.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void prompt_put(const struct client *client, FILE *to) {
    const char *what = client->service == &clock_service ? "Date, Time, DateAndTime" : "a name,";
    fprintf(to, "Please provide an input (%s or -1 to exit): ", what);
    fflush(to);
}

int prompt_run(struct client *client, int *error) {
    FILE *to = isatty(STDOUT_FILENO) == 1 ? stdout : stderr;
    int status = CLIENT_ANSWERED;
    char *line = NULL;
    size_t room = 0;
    for (;;) {
        prompt_put(client, to);
        errno = 0;
        ssize_t len = getline(&line, &room, stdin);
        if (len < 0)
            break;
        line[strcspn(line, "\r\n")] = '\0';
        if (strcmp(line, "-1") == 0)
            break;
        if (*line == '\0')
            continue;
        servers_retry(&client->servers);
        int one = names_ask(client, (char *[]){line, NULL});
        status = one > status ? one : status;
        fflush(stdout);
    }
    *error = ferror(stdin) ? errno : 0;
    if (feof(stdin))
        putc('\n', to);
    free(line);
    return status;
}
