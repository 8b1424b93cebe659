/* Writes lists of postings, in the order of list_compare, as records of a book. */
#ifndef LOOKUP_LIST_WRITER_H
#define LOOKUP_LIST_WRITER_H

#include "compile/cdb_writer.h"
#include "compile/lists.h"

struct list_writer {
    struct cdb_writer *to;
    struct span name;     /* the caller's */
    uint32_t hash;        /* of name */
    uint32_t shared_hash; /* of the short lists that are still to be written */
    size_t shared_len;
    char shared[POSTINGS_LISTS];
    uint32_t chunk; /* number of the record at hand */
    uint32_t entry; /* of the last posting of what came before */
    size_t len;
    char bytes[POSTINGS_CHUNK + POSTING_MAX];
};

void list_writer_open(struct list_writer *writer, struct cdb_writer *to);

/* Starts a list with what the whole of it has: hash, count, dropped, alone. */
void list_writer_begin(struct list_writer *writer, struct span name, const struct list *all);

/* Adds whole postings. Where is_start, the first one's number is from 0, and not from the one
 * before. All return 0, or -1 and errno. */
int list_writer_add(struct list_writer *writer, struct span postings, bool is_start);
int list_writer_end(struct list_writer *writer);

/* After the last list. */
int list_writer_close(struct list_writer *writer);

#endif
