/* One run: poll, judge, commit, make the book. */
#ifndef LOOKUP_SYNC_SYNC_H
#define LOOKUP_SYNC_SYNC_H

#include "compile/compile.h"
#include "sync/config.h"

/* The options of one run. */
struct sync_wishes {
    const char *secret; /* for a simple bind */
    bool dry_run;
    bool full;          /* fetches everything */
    int64_t *later;     /* not NULL: if there is a book, it is set to the seconds until a run
                         * should fetch everything, and this one changes nothing */
    bool accept_shrink; /* accepts any result */
    bool verbose;
};

/* What a run has to say, a line at a time. */
struct sync_report {
    void (*fault)(const char *line);
    void (*note)(const char *line);
    int (*exit_status)(enum outcome outcome); /* as the file beside the state tells it */
    struct compile_report compile;
};

/* OUTCOME_DONE: the book is what the directory has; OUTCOME_TRY_AGAIN: no server could be asked,
 * the result is not to be believed, or another run is under way; OUTCOME_DENIED: the credentials
 * are wrong; OUTCOME_MISCONFIGURED; others as compile() says. After any but the first the book is
 * what it was. */
enum outcome sync_run(const struct sync_config *config, const struct sync_wishes *wishes,
                      const struct sync_report *report);

#endif
