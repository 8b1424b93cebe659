/* Refuses the result of a sync if it has far fewer names than before. That is more likely to be
 * a mistake in the directory than a change. The old book then stays. */
#ifndef LOOKUP_SYNC_GUARD_H
#define LOOKUP_SYNC_GUARD_H

#include <stdint.h>

enum {
    GUARD_FLOOR = 20,     /* below this number of names, only an empty result is refused */
    GUARD_WINDOW = 86400, /* losses within this many seconds are added up */
    GUARD_WHY = 200,      /* bytes of a reason, with its final NUL */
};

/* The highest number of names since the time at (wall clock, seconds). */
struct guard_window {
    int64_t at;
    uint64_t names;
};

/* Returns the window after a sync at the time now found this number of names. A new window
 * begins when the old one is GUARD_WINDOW old, or if the clock was set back to before its start. */
struct guard_window guard_window(struct guard_window before, int64_t now, uint64_t names);

/* Compares names with window.names. Returns -1 with the reason in why if no names are left, or if
 * more than max_shrink percent (0 to 100) are lost of at least GUARD_FLOOR names. Otherwise returns
 * 0. */
int guard_check(struct guard_window window, uint64_t names, long max_shrink, char why[GUARD_WHY]);

#endif
