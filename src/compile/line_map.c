#include "compile/line_map.h"

#include <stdint.h>
#include <stdlib.h>

/* Entries on consecutive lines: the first is entry number, at line. number fits in 32 bits because
 * a book of 4 GiB has fewer than 2^32 entries. */
struct line_run {
    uint32_t number;
    uint32_t source;
    unsigned long line;
};

int line_map_add(struct lines *lines, struct place place) {
    lines->entries++;
    if (lines->count == 0 || place.source != lines->last.source ||
        place.line != lines->last.line + 1) {
        if ((lines->count & (lines->count - 1)) == 0) { /* full at each power of 2 */
            size_t room = lines->count == 0 ? 1 : lines->count * 2;
            struct line_run *at = reallocarray(lines->at, room, sizeof(*at));
            if (at == NULL)
                return -1;
            lines->at = at;
        }
        lines->at[lines->count++] =
            (struct line_run){(uint32_t)lines->entries, place.source, place.line};
    }
    lines->last = place;
    return 0;
}

struct place line_map_of(const struct lines *lines, unsigned long number) {
    size_t low = 0;
    size_t high = lines->count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (lines->at[middle].number <= number)
            low = middle;
        else
            high = middle;
    }
    const struct line_run *run = &lines->at[low];
    return (struct place){run->source, run->line + (number - run->number)};
}

void line_map_free(struct lines *lines) {
    free(lines->at);
    *lines = (struct lines){0};
}
