/* Runs without end: one after each change. */
#ifndef LOOKUP_SYNC_WATCH_H
#define LOOKUP_SYNC_WATCH_H

#include "sync/sync.h"

/* As sync_run, of which only what no other run can mend ends it: its outcome. */
enum outcome watch(const struct sync_config *config, const struct sync_wishes *wishes,
                   const struct sync_report *report);

#endif
