/* Writes lists of postings as records of a book. */
#ifndef LOOKUP_LIST_WRITER_H
#define LOOKUP_LIST_WRITER_H

#include "compile/cdb_writer.h"
#include "compile/lists.h"

struct list_writer {
    struct cdb_writer *to;
    size_t shared_len;           /* bytes in shared */
    size_t len;                  /* bytes in bytes */
    char shared[POSTINGS_LISTS]; /* the record of the short lists of the group */
    char bytes[POSTINGS_CHUNK];  /* value of the current record of a long list */
};

/* Writes the lists of a group: first and those behind it. first is NULL if the group is empty.
 * Returns 0, or -1 with errno, as cdb_writer_put does. */
int list_writer_put(struct list_writer *writer, const struct posting_list *first);

#endif
