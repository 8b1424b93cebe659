/* Lists that had no more room in memory, in a file: each spill in the order of list_compare,
 * so that several can be merged. */
#ifndef LOOKUP_SPILL_H
#define LOOKUP_SPILL_H

#include "compile/list_writer.h"
#include "compile/lists.h"

#include <sys/types.h>

struct index_spill {
    off_t from;
    off_t end;
};

/* Appends all lists to the file fd. 0, or -1 and errno. */
int spill_write(struct index_spill *spill, int fd, const struct lists *lists);

struct spill_reader;

struct spill_merge {
    struct spill_reader *readers;
    size_t count;
};

/* All return 0, or -1 and errno. To be ended only where it began. */
int spill_merge_begin(struct spill_merge *merge, int fd, const struct index_spill *spills,
                      size_t count);
void spill_merge_end(struct spill_merge *merge);

/* Writes the next list, of all spills that have it. 1, 0: there is none, -1 and errno. */
int spill_merge_list(struct spill_merge *merge, struct list_writer *writer);

#endif
