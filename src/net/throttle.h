/* Limits how often a line is logged by all processes of a user together. Strangers can start a
 * handler as often as they like, and each would log the same line. The processes share nothing
 * but the kernel, so the time of the last line is kept there: it is the time at which a System V
 * semaphore set (semget(2)) was made. */
#ifndef LOOKUP_THROTTLE_H
#define LOOKUP_THROTTLE_H

#include "data/bytes.h"

#include <stdbool.h>

/* Returns true at most once in that many seconds for each user and line; of several processes
 * that call at once, one gets true. Also returns true if it cannot find out. */
bool throttle_pass(struct span line, long seconds);

#endif
