/* What differs from machine to machine, so that not all do the same at the same time. */
#ifndef LOOKUP_SYNC_MACHINE_H
#define LOOKUP_SYNC_MACHINE_H

#include <stdint.h>

/* Returns a number from 0 to most, which is always the same on this machine: a hash of
 * machine-id(5), or 0 without one. */
int64_t machine_share(int64_t most);

#endif
