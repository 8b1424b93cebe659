/* Limits lines that every instance of a program would log, however often strangers make
 * one start. The instances share nothing but the kernel. So each line has a System V
 * semaphore set (semget(2)) of the user, and only the time when it was made is used. */
#ifndef LOOKUP_THROTTLE_H
#define LOOKUP_THROTTLE_H

#include "data/bytes.h"

#include <stdbool.h>

/* Returns true for one process of this user and one line in so many seconds. Of several
 * that call at once, one gets true. Also returns true if this cannot be determined. */
bool throttle_pass(struct span line, long seconds);

#endif
