#include "sync/guard.h"

#include <inttypes.h>
#include <stdio.h>

struct guard_window guard_window(struct guard_window before, int64_t now, uint64_t names) {
    if (now < before.at || now - before.at >= GUARD_WINDOW)
        return (struct guard_window){now, names};
    if (names > before.names)
        before.names = names;
    return before;
}

int guard_check(struct guard_window window, uint64_t names, long max_shrink, char why[GUARD_WHY]) {
    if (names == 0) {
        snprintf(why, GUARD_WHY, "not one name with an office; the book stays as it is");
        return -1;
    }
    if (window.names < GUARD_FLOOR || names * 100 >= window.names * (uint64_t)(100 - max_shrink))
        return 0;
    snprintf(why, GUARD_WHY,
             "%" PRIu64 " names of %" PRIu64 " would be left, less than max-shrink = %ld allows; "
             "the book stays as it is (see --accept-shrink)",
             names, window.names, max_shrink);
    return -1;
}
