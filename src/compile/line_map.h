/* From which line of which source each entry came, kept in little room: as long
 * as every line has an entry, one run does for all of them. */
#ifndef LOOKUP_LINE_MAP_H
#define LOOKUP_LINE_MAP_H

#include <stddef.h>

struct place {
    unsigned source;
    unsigned long line; /* 0: the source as a whole */
};

struct lines {
    struct line_run *at;
    size_t count;
    unsigned long entries; /* added so far */
    struct place last;     /* that of the last one */
};

/* Notes the next entry's place. 0; -1 errno. */
int line_map_add(struct lines *lines, struct place place);

/* The place of entry number (the first is 1), which must have been added. */
struct place line_map_of(const struct lines *lines, unsigned long number);
void line_map_free(struct lines *lines);

#endif
