/* Refuses a result with so few names that a mistake is likelier. The old book stays. */
#ifndef LOOKUP_SYNC_GUARD_H
#define LOOKUP_SYNC_GUARD_H

#include <stdint.h>

enum {
    GUARD_FLOOR = 20,     /* fewer names than this may all but vanish */
    GUARD_WINDOW = 86400, /* seconds within which several shrinks count as one */
    GUARD_WHY = 200,
};

/* The highest number of names since the time at. */
struct guard_window {
    int64_t at;
    uint64_t names;
};

/* The window now, when there are so many names: it begins anew after a day, or if
 * the clock was set back before it. */
struct guard_window guard_window(struct guard_window before, int64_t now, uint64_t names);

/* 0, or -1: from window.names to names is too much; why says so. */
int guard_check(struct guard_window window, uint64_t names, long max_shrink, char why[GUARD_WHY]);

#endif
