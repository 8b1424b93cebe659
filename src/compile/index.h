/* The index of a book's words: names in, in the order of their entries; then all lists of
 * postings (data/postings.h) out. */
#ifndef LOOKUP_INDEX_H
#define LOOKUP_INDEX_H

#include "compile/cdb_writer.h"
#include "compile/notes.h"

struct index {
    struct notes notes;
    struct words words; /* of the name at hand */
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
typedef int list_giver(void *context, struct span name, const struct posting *posting);
int index_lists_of(struct words *words, uint32_t number, struct span key, list_giver *give,
                   void *context);

#endif
