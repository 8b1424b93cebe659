/* The index of a book's words: names in, in the order of their entries; then all lists of
 * postings (data/postings.h) out, in one pass, in memory that is bounded whatever the size of
 * the book. What has no room there goes to a file without a name beside the book. */
#ifndef LOOKUP_INDEX_H
#define LOOKUP_INDEX_H

#include "compile/atomic_file.h"
#include "compile/cdb_writer.h"
#include "compile/lists.h"

/* One time that the lists in memory were written to the file. */
struct index_spill;

struct index {
    const struct atomic_file *beside;
    struct lists lists;
    struct words words; /* of the name at hand */
    bool is_due;        /* what is noted is to be added */
    int fd;             /* the file; -1: there is none */
    struct index_spill *spills;
    size_t spill_count;
};

/* All return 0, or -1 and errno: ENOMEM, ENOSPC and its like. To be ended in any case. */
int index_begin(struct index *index, const struct atomic_file *beside);
void index_end(struct index *index);

/* Notes the words of the entry of that number, which has that folded name. */
int index_add(struct index *index, uint32_t number, struct span key);

/* Writes all lists. Now and then progress hears how many there are so far. */
int index_write(struct index *index, struct cdb_writer *to,
                void (*progress)(unsigned long count, const char *of));

/* The lists of a name, as they are noted; give returns 0, or -1 to be given no more. */
typedef int list_giver(void *context, struct span name, const struct posting *posting,
                       bool is_alone);
int index_lists_of(struct words *words, uint32_t number, struct span key, list_giver *give,
                   void *context);

#endif
