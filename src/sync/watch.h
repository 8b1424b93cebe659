/* Runs without end: one after each change. */
#ifndef LOOKUP_SYNC_WATCH_H
#define LOOKUP_SYNC_WATCH_H

#include "sync/sync.h"

/* Does not return unless a run fails in a way that no later run can mend; then it returns
 * that run's outcome (sync_run). */
enum outcome watch(const struct sync_config *config, const struct sync_wishes *wishes,
                   const struct sync_report *report);

#endif
