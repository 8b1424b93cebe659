/* A number that differs from machine to machine, so that not all of them do the same at the same
 * time. */
#ifndef LOOKUP_SYNC_MACHINE_H
#define LOOKUP_SYNC_MACHINE_H

#include <stdint.h>

/* Returns a number from 0 to most, which is always the same on this machine: a hash of its name and
 * its machine-id(5). Containers may have no id, and machines made from one image the same. */
int64_t machine_share(int64_t most);

#endif
