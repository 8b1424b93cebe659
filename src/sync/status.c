#include "sync/status.h"

#include "compile/atomic_file.h"
#include "data/bytes.h"
#include "data/escape.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const struct number {
    const char *key;
    const char *metric;
    const char *help;
    size_t at;
} numbers[] = {
#define NUMBER(member, metric, help)                                                               \
    { #member, metric, help, offsetof(struct sync_status, member) }
    NUMBER(last_run, "lookup_sync_last_run_timestamp_seconds", "When the last run ended."),
    NUMBER(last_success, "lookup_sync_last_success_timestamp_seconds",
           "When the book was last known to be what the directory has."),
    NUMBER(last_change, "lookup_sync_last_change_timestamp_seconds", "When the book was made."),
    NUMBER(last_full, "lookup_sync_last_full_timestamp_seconds", "When all was fetched."),
    NUMBER(exit_status, "lookup_sync_exit_status", "Exit status of the last run."),
    NUMBER(entries, "lookup_sync_entries", "Entries of the directory."),
    NUMBER(names, "lookup_sync_names", "Names with an office."),
    NUMBER(skipped, "lookup_sync_skipped_values", "Values that no book can hold."),
};

enum { NUMBERS = sizeof(numbers) / sizeof(*numbers) };

static void status_path(const char *state, char path[PATH_MAX]) {
    snprintf(path, PATH_MAX, "%s.status", state);
}

static int64_t *number_of(struct sync_status *status, size_t number) {
    return (int64_t *)(void *)((char *)status + numbers[number].at);
}

static int64_t value_of(const struct sync_status *status, size_t number) {
    int64_t value = 0;
    memcpy(&value, (const char *)status + numbers[number].at, sizeof(value));
    return value;
}

static void status_take_line(struct sync_status *status, const char *key, const char *value) {
    for (size_t i = 0; i < NUMBERS; i++)
        if (strcmp(key, numbers[i].key) == 0)
            *number_of(status, i) = strtoll(value, NULL, 10);
    if (strcmp(key, "server") == 0)
        snprintf(status->server, sizeof(status->server), "%s", value);
    if (strcmp(key, "error") == 0)
        snprintf(status->error, sizeof(status->error), "%s", value);
}

void status_read(const char *state, struct sync_status *status) {
    char path[PATH_MAX];
    char line[2 * STATUS_TEXT_MAX];
    *status = (struct sync_status){0};
    status_path(state, path);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return;
    while (fgets(line, sizeof(line), file) != NULL) {
        char *value = strchr(line, '=');
        line[strcspn(line, "\n")] = '\0';
        if (value == NULL)
            continue;
        *value = '\0';
        status_take_line(status, line, value + 1);
    }
    fclose(file);
}

/* Escapes control characters, so that a server's text stays on one line. */
static void put_text(FILE *to, const char *key, const char *text) {
    char bytes[4 * STATUS_TEXT_MAX];
    struct text shown = {.at = bytes, .cap = sizeof(bytes)};
    escape(span_of(text), "", "", &shown);
    fprintf(to, "%s=%.*s\n", key,
            (int)(shown.len < STATUS_TEXT_MAX ? shown.len : STATUS_TEXT_MAX - 1), shown.at);
}

static int status_put(const void *context, int fd) {
    const struct sync_status *status = context;
    int copy = dup(fd);
    FILE *to = copy < 0 ? NULL : fdopen(copy, "w");
    if (to == NULL)
        return -1;
    for (size_t i = 0; i < NUMBERS; i++)
        fprintf(to, "%s=%" PRId64 "\n", numbers[i].key, value_of(status, i));
    put_text(to, "server", status->server);
    put_text(to, "error", status->error);
    return fclose(to) == EOF ? -1 : 0;
}

int status_write(const char *state, const struct sync_status *status) {
    char path[PATH_MAX];
    status_path(state, path);
    return atomic_file_replace(path, status_put, status);
}

static void print_when(FILE *to, const char *what, int64_t when, int64_t now) {
    char text[64] = "never";
    struct tm parts;
    time_t time = (time_t)when;
    if (when > 0 && localtime_r(&time, &parts) != NULL)
        strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &parts);
    fprintf(to, "%s %s", what, text);
    if (when > 0)
        fprintf(to, ", %" PRId64 " s ago", now - when);
    fputc('\n', to);
}

void status_print(FILE *to, const struct sync_status *status, int64_t now) {
    fprintf(to, "server:       %s\n", status->server[0] != '\0' ? status->server : "none so far");
    fprintf(to, "entries:      %" PRId64 "\n", status->entries);
    fprintf(to, "names:        %" PRId64 "\n", status->names);
    print_when(to, "last success:", status->last_success, now);
    print_when(to, "last run:    ", status->last_run, now);
    print_when(to, "last change: ", status->last_change, now);
    print_when(to, "last full:   ", status->last_full, now);
    fprintf(to, "last error:   %s\n", status->error[0] != '\0' ? status->error : "none");
}

void status_print_metrics(FILE *to, const struct sync_status *status) {
    for (size_t i = 0; i < NUMBERS; i++)
        fprintf(to, "# HELP %s %s\n# TYPE %s gauge\n%s %" PRId64 "\n", numbers[i].metric,
                numbers[i].help, numbers[i].metric, numbers[i].metric, value_of(status, i));
}
