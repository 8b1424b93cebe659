#include "data/upper.h"

#include "data/upper_table.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Mappings to several code points, such as U+00DF -> U+0053 U+0053. They are
 * rare, so they are searched last. */
static size_t upper_special(uint32_t point, uint32_t out[UPPER_MAX]) {
    size_t low = 0;
    size_t high = COUNT(upper_specials);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct upper_special *s = &upper_specials[middle];
        if (s->point == point) {
            size_t n = 0;
            while (n < UPPER_MAX && s->to[n] != 0) {
                out[n] = s->to[n];
                n++;
            }
            return n;
        }
        if (s->point < point)
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}

/* Returns the last run that starts at or before point, or NULL. */
static const struct upper_run *run_of(uint32_t point) {
    size_t low = 0;
    size_t high = COUNT(upper_runs);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (upper_runs[middle].first <= point)
            low = middle + 1;
        else
            high = middle;
    }
    return low == 0 ? NULL : &upper_runs[low - 1];
}

size_t upper(uint32_t point, uint32_t out[UPPER_MAX]) {
    out[0] = point;
    if (point < 0x80) {
        if (point >= 'a' && point <= 'z')
            out[0] = point - ('a' - 'A');
        return 1;
    }
    const struct upper_run *run = run_of(point);
    if (run != NULL && point - run->first <= run->width && (point - run->first) % run->step == 0) {
        out[0] = (uint32_t)((int32_t)point + run->delta);
        return 1;
    }
    size_t special = upper_special(point, out);
    return special > 0 ? special : 1;
}
