/* The loop of --watch: a run after each change in the directory. */
#ifndef LOOKUP_SYNC_WATCH_H
#define LOOKUP_SYNC_WATCH_H

#include "sync/sync.h"

/* Repeats sync_run. Waits between two runs until the server reports a change (RFC 4533,
 * refreshAndPersist), but for at most five minutes. If a run puts off a fetch of everything, waits
 * as long as that run says. Returns only after an outcome that a later run cannot improve:
 * OUTCOME_DENIED, OUTCOME_MISCONFIGURED or OUTCOME_NO_SYSTEM; or OUTCOME_TRY_AGAIN five minutes
 * after Kerberos has said that the keys are wrong: another process could read the keytab again. */
enum outcome watch(const struct sync_config *config, const struct sync_run_options *options,
                   const struct sync_report *report);

#endif
