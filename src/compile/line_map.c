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

int line_map_add(struct line_map *map, struct place place) {
    map->entries++;
    if (map->count == 0 || place.source != map->last.source || place.line != map->last.line + 1) {
        if ((map->count & (map->count - 1)) == 0) { /* full at each power of 2 */
            size_t room = map->count == 0 ? 1 : map->count * 2;
            struct line_run *at = reallocarray(map->at, room, sizeof(*at));
            if (at == NULL)
                return -1;
            map->at = at;
        }
        map->at[map->count++] = (struct line_run){(uint32_t)map->entries, place.source, place.line};
    }
    map->last = place;
    return 0;
}

struct place line_map_of(const struct line_map *map, unsigned long number) {
    size_t low = 0;
    size_t high = map->count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (map->at[middle].number <= number)
            low = middle;
        else
            high = middle;
    }
    const struct line_run *run = &map->at[low];
    return (struct place){run->source, run->line + (number - run->number)};
}

void line_map_free(struct line_map *map) {
    free(map->at);
    *map = (struct line_map){0};
}
