/* Names that stand in a finished book more than once. */
#ifndef LOOKUP_DUPLICATES_H
#define LOOKUP_DUPLICATES_H

#include "data/book.h"

#include <stdint.h>

struct duplicate {
    uint32_t offset;      /* of the record */
    uint32_t of;          /* offset of the first record with that key; itself, if it is the first */
    bool same;            /* an earlier one of them has the same office */
    unsigned long number; /* for the caller to keep that of its entry; 0 so far */
};

struct duplicates {
    struct duplicate *at; /* in the order of offset */
    size_t count;
    bool too_many; /* over BOOK_OFFICES_MAX bytes under the last one's name */
};

/* Finds all records of a book whose key others have too. Takes time linear in
 * its size and memory only for what it finds. 0; -1 errno (ENOMEM, or EBADMSG for a broken
 * book, or E2BIG with too_many set). duplicates->at is to be freed in any case. */
int duplicates_find(const struct book *book, struct duplicates *duplicates);

/* The duplicate whose record stands at offset, or NULL. */
struct duplicate *duplicates_at(const struct duplicates *duplicates, uint32_t offset);

/* Judges the names that the finished book has more than once, and makes it again
 * without what stands in it twice. 0, or the exit status to end with. */
struct compilation;
int duplicates_settle(struct compilation *c);

#endif
