/* Limits what a malicious server could make the process do. The process gains no new privileges
 * and dumps no core. Landlock (landlock(7)) lets it write only in the folders of the state and the
 * book, and read only there, in the folders of its certificates and in those that libraries need.
 * It may still connect, because that is its task. */
#ifndef LOOKUP_SYNC_SANDBOX_H
#define LOOKUP_SYNC_SANDBOX_H

#include "sync/config.h"

/* Confines the process until it ends. Returns 0, or -1 with errno, such as ENOSYS or EOPNOTSUPP if
 * the kernel has no Landlock or has it switched off. A build that reports system calls
 * (FILTER_REFUSAL) does nothing and returns 0. */
int sandbox_enter(const struct sync_config *config);

#endif
