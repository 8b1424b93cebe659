/* Limits what a malicious server could make the process do. It gains no new privileges;
 * by Landlock (landlock(7)) it writes only state and book, and reads only what libraries
 * need. It may still connect, which is its purpose. */
#ifndef LOOKUP_SYNC_SANDBOX_H
#define LOOKUP_SYNC_SANDBOX_H

#include "sync/config.h"

/* For good. 0; -1 errno: the kernel cannot, or was told not to. */
int sandbox_enter(const struct sync_config *config);

#endif
