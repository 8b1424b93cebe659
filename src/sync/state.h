/* The state file holds all that is known of the directory. Each sync appends to it, and the
 * book is made from it. A process that is killed at any moment leaves the last sync that
 * was complete. */
#ifndef LOOKUP_SYNC_STATE_H
#define LOOKUP_SYNC_STATE_H

#include "sync/replay.h"

#include <sys/stat.h>

struct state {
    const char *path;
    int fd;
    struct span file; /* mapped */
    struct replay replay;
    struct record_buffer changes; /* not yet written */
    struct arena *arena;          /* where their profiles are */
};

/* Locks the state at path for this process. Returns a descriptor, which holds the lock until it is
 * closed, or -1 with errno. EWOULDBLOCK: another process holds the lock. */
int state_lock(const char *path);

/* All return 0, or -1 and errno. */

/* Opens or creates the file at path. EBADMSG: it is not a state file. Call state_close in any
 * case. */
int state_open(struct state *state, const char *path);
void state_close(struct state *state);

/* Change an entry, in memory only. Return 1 if this made a difference. */
int state_put(struct state *state, const struct identity *id, struct span profile);
int state_delete(struct state *state, const struct identity *id);
bool state_is_changed(const struct state *state);

/* Makes the changes durable, and what commit and cookie say of them. Without
 * changes the book stays the one that was made. */
int state_commit(struct state *state, const struct commit *commit, struct span cookie);

/* Notes that the book, whose stat(2) is given, was made of the last commit. */
int state_note_made(struct state *state, const struct stat *book);
bool state_is_made(const struct state *state, const struct stat *book);

/* Rewrites the file if more than half of it is out of date. To be called before anything is
 * changed. 1: it was rewritten, and the state must be opened again. */
int state_compact(struct state *state);

#endif
