/* One run: polls a server, checks the result, commits it to the state and makes the book. */
#ifndef LOOKUP_SYNC_SYNC_H
#define LOOKUP_SYNC_SYNC_H

#include "compile/compile.h"
#include "sync/config.h"

/* The options of one run. */
struct sync_run_options {
    const char *secret; /* for a simple bind */
    bool dry_run;       /* writes neither state nor book */
    bool full;          /* fetches everything */
    int64_t *later;     /* if not NULL, a run that has a book may put off a fetch of everything: it
                         * sets *later to the seconds to wait, and stores nothing */
    bool *retry_soon;   /* if not NULL, the run sets it if its poll failed, and should be repeated
                         * soon */
    uint64_t *refused;  /* if not NULL, for directory_servers_find(), from one run to the next */
    bool accept_shrink; /* accepts the result even if the guard refuses it (guard.h) */
    bool verbose;
};

/* The callbacks of a run, for its messages. Each line comes without its line end. */
struct sync_report {
    void (*fault)(const char *line);
    void (*note)(const char *line);
    int (*exit_status)(enum outcome outcome); /* the number to write into the status file */
    struct compile_report compile;
};

/* Makes one run. Returns
 *   OUTCOME_DONE           the book has the entries of the directory, or nothing was to be stored:
 *                          dry_run, or *later was set
 *   OUTCOME_TRY_AGAIN      no server gave a complete answer, the guard refused the result, or
 *                          another run is under way
 *   OUTCOME_DENIED         the credentials are wrong
 *   OUTCOME_MISCONFIGURED  the configuration or the state file cannot be used
 *   another outcome        as compile() does; it outweighs OUTCOME_TRY_AGAIN
 * After any other outcome than OUTCOME_DONE the book is unchanged, or made from the last commit. */
enum outcome sync_run(const struct sync_config *config, const struct sync_run_options *options,
                      const struct sync_report *report);

#endif
