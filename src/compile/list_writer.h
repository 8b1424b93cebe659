/* Writes lists of postings as records of a book. */
#ifndef LOOKUP_LIST_WRITER_H
#define LOOKUP_LIST_WRITER_H

#include "compile/cdb_writer.h"
#include "compile/lists.h"

struct list_writer {
    struct cdb_writer *to;
    size_t shared_len;
    size_t len;
    char shared[POSTINGS_LISTS]; /* the short lists of the group, still to be written */
    char bytes[POSTINGS_CHUNK];  /* of the record at hand */
};

/* Writes a group, from its first list on. 0, or -1 and errno. */
int list_writer_put(struct list_writer *writer, const struct list *first);

#endif
