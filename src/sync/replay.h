/* Reads the bytes of a state file (records.h) and replays its changes up to the last commit. */
#ifndef LOOKUP_SYNC_REPLAY_H
#define LOOKUP_SYNC_REPLAY_H

#include "sync/records.h"
#include "sync/table.h"

#include <stdbool.h>
#include <stdint.h>

enum { COOKIE_MAX = 4096 }; /* bytes of a stored cookie; a longer one is treated as none */

/* What a sync has found. Times are of the wall clock, in seconds. */
struct commit {
    uint64_t config; /* config_hash of the configuration */
    uint64_t entries;
    uint64_t names;
    int64_t full_at;       /* when everything was last fetched */
    int64_t window_at;     /* the guard's window (guard.h): its start */
    uint64_t window_names; /* and its highest number of names */
};

/* Identifies the book that was made, by its stat(2). */
struct book_mark {
    uint64_t inode;
    uint64_t size;
    int64_t seconds;
    int64_t nanoseconds;
};

struct replay {
    struct table table; /* its profiles point into the file's bytes */
    bool committed;     /* there is a commit; the next two are of the last one */
    struct commit commit;
    struct span cookie; /* points into the file's bytes */
    bool made;          /* a book was made from the last commit; mark is valid */
    struct book_mark mark;
    size_t end;   /* offset behind the last valid commit, mark or magic; 0: no magic yet */
    size_t alive; /* estimated size of the file after compaction */
    bool damaged; /* bytes before a commit or mark are invalid: the table is incomplete or old */
};

/* Reads the bytes of a whole file, which may be empty and must outlive replay. Returns 0, or -1
 * with errno: EBADMSG if it is not a state file, ENOMEM. Call replay_free in any case. */
int replay_read(struct span file, struct replay *replay);
void replay_free(struct replay *replay);

#endif
