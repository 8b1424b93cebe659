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
    bool accept_shrink; /* accepts any result */
    bool verbose;
};

/* What a run has to say, a line at a time. */
struct sync_report {
    void (*fault)(const char *line);
    void (*note)(const char *line);
    struct compile_report compile;
};

/* The exit status, sysexits(3): 0 the book is what the directory has; 65, 71,
 * 73, 74 as compile() says; 75 no server could be asked, the result is not to be
 * believed, or another run is under way; 77 the credentials are wrong; 78 the
 * configuration is. After any but 0 the book is what it was. */
int sync_run(const struct sync_config *config, const struct sync_wishes *wishes,
             const struct sync_report *report);

#endif
