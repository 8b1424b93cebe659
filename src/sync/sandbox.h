/* What a server could bring the process to do is little: no new privileges, and by
 * Landlock (landlock(7)) nothing is written but state and book, and nothing read but
 * what libraries want. It may still connect: that is its work. */
#ifndef LOOKUP_SYNC_SANDBOX_H
#define LOOKUP_SYNC_SANDBOX_H

#include "sync/config.h"

/* For good. 0; -1 errno: the kernel cannot, or was told not to. */
int sandbox_enter(const struct sync_config *config);

#endif
