/* Builds the word index of a book (data/postings.h): takes the names in the order of their entries,
 * then writes all lists of postings. */
#ifndef LOOKUP_INDEX_H
#define LOOKUP_INDEX_H

#include "compile/cdb_writer.h"
#include "compile/notes.h"

enum { PROGRESS_EVERY = 65536 }; /* entries, or lists, between two reports of progress */

struct index {
    struct notes notes;
    struct words words; /* words of the current name */
};

/* All functions that return int return 0, or -1 with errno, such as ENOMEM or ENOSPC. */

/* Starts an index, whose scratch file is in the folder of beside. Call index_end in any case.
 * beside must stay valid until then. */
int index_begin(struct index *index, const struct atomic_file *beside);
void index_end(struct index *index);

/* Adds the words of entry number, whose folded name is key. The numbers must not decrease. */
int index_add(struct index *index, uint32_t number, struct span key);

/* Writes all lists to the book. Calls progress now and then with the number of lists so far. */
int index_write(struct index *index, struct cdb_writer *to,
                void (*progress)(unsigned long count, const char *of));

#endif
