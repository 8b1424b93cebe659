/* A deadline is a time of the monotonic clock, in milliseconds. It is set once for
 * an exchange and passed down. Nothing restarts it, and setting the machine's clock
 * does not move it. */
#ifndef LOOKUP_DEADLINE_H
#define LOOKUP_DEADLINE_H

#include <stdint.h>

typedef int64_t deadline;

/* Returns the current millisecond. A deadline at or before it has passed. */
deadline deadline_now(void);

/* Returns the deadline that passes after that many milliseconds. It never passes
 * earlier: the rest of the current millisecond does not count. */
deadline deadline_in(int64_t milliseconds);

/* Returns the earlier of two. */
deadline deadline_first(deadline a, deadline b);

/* Waits until fd is ready for events (POLLIN, POLLOUT), has an error or is hung up.
 * Returns 1 if it is, 0 if the deadline has passed, or -1 and sets errno. Signals do
 * not end the wait. */
int deadline_wait(int fd, short events, deadline until);

#endif
