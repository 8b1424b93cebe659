#include "import/lines.h"

#include <stdlib.h>

/* From entry number on, the lines follow one another, starting at line. */
struct line_run {
    unsigned long number;
    unsigned long line;
};

int lines_add(struct lines *lines, unsigned long line) {
    lines->entries++;
    if (lines->count == 0 || line != lines->last + 1) {
        if ((lines->count & (lines->count - 1)) == 0) { /* full at each power of 2 */
            size_t room = lines->count == 0 ? 1 : lines->count * 2;
            struct line_run *at = reallocarray(lines->at, room, sizeof(*at));
            if (at == NULL)
                return -1;
            lines->at = at;
        }
        lines->at[lines->count++] = (struct line_run){lines->entries, line};
    }
    lines->last = line;
    return 0;
}

unsigned long lines_of(const struct lines *lines, unsigned long number) {
    size_t low = 0;
    size_t high = lines->count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (lines->at[middle].number <= number)
            low = middle;
        else
            high = middle;
    }
    return lines->at[low].line + (number - lines->at[low].number);
}

void lines_free(struct lines *lines) {
    free(lines->at);
    *lines = (struct lines){0};
}
