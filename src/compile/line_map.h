/* Records from which line of which source each entry came. Entries on consecutive lines of a source
 * share one record of 16 bytes. */
#ifndef LOOKUP_LINE_MAP_H
#define LOOKUP_LINE_MAP_H

#include <stddef.h>

struct place {
    unsigned source;
    unsigned long line; /* 0: the source as a whole */
};

struct line_map {
    struct line_run *at;
    size_t count;
    unsigned long entries; /* number of entries added */
    struct place last;     /* place of the last one */
};

/* Adds the next entry's place. Returns 0, or -1 with errno ENOMEM. */
int line_map_add(struct line_map *map, struct place place);

/* Returns the place of an entry that was added. number is counted from 1. */
struct place line_map_of(const struct line_map *map, unsigned long number);
void line_map_free(struct line_map *map);

#endif
