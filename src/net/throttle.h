/* A limit for lines that every instance of a program would log, however often
 * strangers have one started. The instances share nothing but the kernel, so
 * what it remembers is a System V semaphore set for each line (semget(2)), of
 * the user's own and without a use but for the time it was made. */
#ifndef LOOKUP_THROTTLE_H
#define LOOKUP_THROTTLE_H

#include "data/bytes.h"

#include <stdbool.h>

/* True if no process of this user was told so for the same line within the last
 * seconds, and wherever that cannot be known. Of several that ask at once one is
 * told so. */
bool throttle_pass(struct span line, long seconds);

#endif
