/* Checks the entries that seem to be gone after a sync. OpenLDAP leaves an entry out of its answer
 * if the entry changes while the answer is being sent; the next answer has it. But when an answer
 * names all entries that exist, a missing entry looks like a deleted one. */
#ifndef LOOKUP_SYNC_RECHECK_H
#define LOOKUP_SYNC_RECHECK_H

#include "sync/fetch.h"

/* Searches for the lost entries by their entryUUID, RECHECK_BATCH in one search, and stores those
 * that the server still has; they are then no longer lost. If more than RECHECK_MOST are lost, one
 * search fetches all entries. Returns 0, or -1 with the reason in session->why. */
enum { RECHECK_BATCH = 200, RECHECK_MOST = 1000 };
int recheck_lost(struct fetch *fetch);

#endif
