/* A state file's bytes, and what they say. */
#ifndef LOOKUP_SYNC_REPLAY_H
#define LOOKUP_SYNC_REPLAY_H

#include "sync/records.h"
#include "sync/table.h"

#include <stdbool.h>
#include <stdint.h>

enum { COOKIE_MAX = 4096 }; /* bytes of one that is kept; a longer one counts as none */

/* What holds once a sync is done. Times are of the wall clock. */
struct commit {
    uint64_t config; /* config_hash of then */
    uint64_t entries;
    uint64_t names;
    int64_t full_at;       /* when all was fetched */
    int64_t window_at;     /* since when window_names counts; see guard.h */
    uint64_t window_names; /* the most there were since */
};

/* By which a book is known to be the one that was made. */
struct book_mark {
    uint64_t inode;
    uint64_t size;
    int64_t seconds;
    int64_t nanoseconds;
};

struct replay {
    struct table table; /* whose profiles stand in the file's bytes */
    bool committed;     /* there was a commit, and these are of the last: */
    struct commit commit;
    struct span cookie;
    bool made; /* a book was made of it */
    struct book_mark mark;
    size_t end;   /* of what counts; behind it is a torn tail */
    size_t alive; /* bytes of the records that still matter */
    bool damaged; /* something before the end was changed: what it says is old at best */
};

/* Reads the bytes of a whole file, or none. 0; -1 errno: EBADMSG it is no state
 * file, ENOMEM. To be freed in any case. */
int replay_read(struct span file, struct replay *replay);
void replay_free(struct replay *replay);

#endif
