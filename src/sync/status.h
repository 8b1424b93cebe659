/* How the last runs went: a small file beside the state, for people and for
 * monitoring. Nothing depends on it. */
#ifndef LOOKUP_SYNC_STATUS_H
#define LOOKUP_SYNC_STATUS_H

#include <stdint.h>
#include <stdio.h>

enum { STATUS_TEXT_MAX = 512 };

/* Times are of the wall clock; 0: never. */
struct sync_status {
    int64_t last_run;
    int64_t last_success;
    int64_t last_change; /* when the book was made */
    int64_t last_full;
    int64_t exit_status;
    int64_t entries;
    int64_t names;
    int64_t skipped; /* values, when all was fetched */
    char server[STATUS_TEXT_MAX];
    char error[STATUS_TEXT_MAX]; /* of the last run; empty: none */
};

/* That beside the state at path; all zero if there is none. */
void status_read(const char *state, struct sync_status *status);

/* 0, or -1 and errno. */
int status_write(const char *state, const struct sync_status *status);

/* For people, and in the text format of Prometheus. */
void status_print(FILE *to, const struct sync_status *status, int64_t now);
void status_print_metrics(FILE *to, const struct sync_status *status);

#endif
