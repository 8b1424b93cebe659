/* The state file holds what is known of the directory. Each sync appends its changes, and the book
 * is made from the file. If a process is killed at any moment, the file keeps the last complete
 * sync. */
#ifndef LOOKUP_SYNC_STATE_H
#define LOOKUP_SYNC_STATE_H

#include "sync/replay.h"

#include <sys/stat.h>

struct state {
    const char *path;
    int fd;
    struct span file; /* the mapped bytes of the file, as it was opened */
    struct replay replay;
    struct record_buffer changes; /* not yet written */
    struct arena *arena;          /* holds the profiles of these changes */
};

/* Locks the state file at the path state, by the file STATE.lock beside it. Returns a descriptor,
 * which holds the lock until it is closed, or -1 with errno. EWOULDBLOCK: another process holds the
 * lock. */
int state_lock(const char *state);

/* The following functions return 0, or -1 with errno. */

/* Opens or creates the file at path. EBADMSG: it is not a state file. Call state_close in any
 * case. */
int state_open(struct state *state, const char *path);
void state_close(struct state *state);

/* Store (with a copy of profile) or delete an entry, in memory only. Return 1 if this changes the
 * state. */
int state_put(struct state *state, const struct identity *id, struct span profile);
int state_delete(struct state *state, const struct identity *id);

/* Returns true if there are changes that state_commit would write. */
bool state_is_changed(const struct state *state);

/* Returns the number of names that the book gets from the state. */
uint64_t state_names(const struct state *state);

/* Writes the changes, commit and cookie to the disk (fdatasync(2)). If there are no changes, a book
 * that was made from the last commit is also valid for this one. If this fails, the file keeps the
 * last commit; open the state again. */
int state_commit(struct state *state, const struct commit *commit, struct span cookie);

/* Notes in the file that this book was made from the last commit. */
int state_note_made(struct state *state, const struct stat *book);

/* Returns true if this is the book that was made from the last commit. */
bool state_is_made(const struct state *state, const struct stat *book);

/* Rewrites the file if it is sound, not small, and more than half of it is out of date. Call it
 * before state_put and state_delete. Returns 1 if it rewrote the file; the caller must then close
 * and open the state. */
int state_compact(struct state *state);

#endif
