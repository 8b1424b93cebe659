/* A finished book, entry by entry, as its source had them. */
#ifndef LOOKUP_ENTRIES_H
#define LOOKUP_ENTRIES_H

#include "compile/name_keys.h"
#include "data/book.h"

struct book_entry {
    struct span name; /* as the source spells it */
    struct span office;
    struct span key;      /* the first of its keys */
    unsigned long number; /* the first is 1 */
    size_t records;       /* how many, one under each of its keys */
    uint32_t start;       /* offset of its spelling; without one, first */
    uint32_t first;       /* offset of the first of them */
    uint32_t last;        /* ... and of the last */
};

/* A walk under way; all zero before the first step. */
struct entries {
    struct cdb_record record;
    struct keys keys;
    unsigned long number;
};

/* The next entry: 1 there is one, 0 no more, -1 the book is broken. */
int entries_next(const struct book *book, struct entries *walk, struct book_entry *entry);

/* The entry whose start is there, as entries_next gave it: its name, its
 * office and its first key, the rest 0. 1, or -1 the book is broken. */
int entries_at(const struct cdb_image *image, uint32_t start, struct book_entry *entry);

#endif
