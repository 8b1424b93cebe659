/* From which line of the source each entry came, kept in little room: as long
 * as every line has an entry, one pair of numbers does for all of them. */
#ifndef LOOKUP_LINES_H
#define LOOKUP_LINES_H

#include <stddef.h>

struct lines {
    struct line_run *at;
    size_t count;
    unsigned long entries; /* added so far */
    unsigned long last;    /* the line of the last one */
};

/* Notes the next entry's line. 0; -1 errno. */
int lines_add(struct lines *lines, unsigned long line);

/* The line of entry number (the first is 1), which must have been added. */
unsigned long lines_of(const struct lines *lines, unsigned long number);
void lines_free(struct lines *lines);

#endif
