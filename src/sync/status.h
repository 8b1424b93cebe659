/* The status file, STATE.status: how the last runs went, for people and monitoring. If it is
 * missing, nothing is lost but this information. */
#ifndef LOOKUP_SYNC_STATUS_H
#define LOOKUP_SYNC_STATUS_H

#include <stdint.h>
#include <stdio.h>

enum { STATUS_TEXT_MAX = 512 }; /* bytes of a text, with its final NUL */

/* Times are of the wall clock, in seconds; 0: never. */
struct sync_status {
    int64_t last_run;
    int64_t last_success;
    int64_t last_change; /* when the book was last made */
    int64_t last_full;   /* when everything was last fetched */
    int64_t exit_status;
    int64_t entries;
    int64_t names;
    int64_t skipped; /* values that the last fetch of everything skipped */
    char server[STATUS_TEXT_MAX];
    char error[STATUS_TEXT_MAX]; /* the last run's error; empty: none */
};

/* Reads the status beside the file state. Sets all to zero if there is none. Ignores lines that it
 * does not know. */
void status_read(const char *state, struct sync_status *status);

/* Replaces the status beside the file state. Returns 0, or -1 with errno. */
int status_write(const char *state, const struct sync_status *status);

/* Print the status: for people, and in the text format of Prometheus. now is the time of the wall
 * clock. */
void status_print(FILE *to, const struct sync_status *status, int64_t now);
void status_print_metrics(FILE *to, const struct sync_status *status);

#endif
