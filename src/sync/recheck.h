/* Looks up the entries that an answer of the sync operation leaves without. OpenLDAP does not
 * send what has changed since the answer began, which is in the next one. If the answer names
 * all that there is, such an entry seems to be gone. */
#ifndef LOOKUP_SYNC_RECHECK_H
#define LOOKUP_SYNC_RECHECK_H

#include "sync/fetch.h"

/* Those that are lost but match still are taken as they are now. Searches RECHECK_BATCH at a time;
 * if more than RECHECK_MOST are lost, all entries at once. 0; -1: session->why says why. */
enum { RECHECK_BATCH = 200, RECHECK_MOST = 1000 };
int recheck_lost(struct fetch *fetch);

#endif
