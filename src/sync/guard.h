/* What a directory says that can hardly be meant: the book that is there stays. */
#ifndef LOOKUP_SYNC_GUARD_H
#define LOOKUP_SYNC_GUARD_H

#include <stdint.h>

enum {
    GUARD_FLOOR = 20,     /* fewer names may go as they like, but not all of them */
    GUARD_WINDOW = 86400, /* seconds: what goes bit by bit counts together */
    GUARD_WHY = 200,
};

/* The most names there were since at. */
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
