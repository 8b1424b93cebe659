/* Deadlines: moments of the monotonic clock, in milliseconds. A deadline is
 * set once for an exchange and handed down; nothing ever restarts it, and
 * setting the machine's clock does not move it. */
#ifndef LOOKUP_DEADLINE_H
#define LOOKUP_DEADLINE_H

#include <stdint.h>

typedef int64_t deadline;

/* The millisecond that has begun. A deadline at or before it has passed. */
deadline deadline_now(void);

/* The moment that comes in the given number of milliseconds, and no sooner:
 * what is left of the one that has begun does not count. */
deadline deadline_in(int64_t milliseconds);

/* The earlier of two. */
deadline deadline_first(deadline a, deadline b);

/* Waits until fd is ready for events (POLLIN, POLLOUT), has failed or was hung
 * up. 1 ready, 0 the deadline has passed, -1 errno. Signals do not end it. */
int deadline_wait(int fd, short events, deadline until);

#endif
