/* Names that a book has more than once, before its tables are made. */
#ifndef LOOKUP_DUPLICATES_H
#define LOOKUP_DUPLICATES_H

#include "compile/book_writer.h"

#include <stdint.h>

enum {                            /* a book with more would be slow to ask */
       DUPLICATES_OF_HASH = 64,   /* names of one hash */
       DUPLICATES_OF_SLOT = 1024, /* hashes that are looked for from one slot on */
};

struct duplicate {
    uint32_t offset;      /* of the record */
    uint32_t of;          /* offset of the first record with that key; itself, if it is the first */
    bool same;            /* an earlier one of them has the same office */
    unsigned long number; /* for the caller to keep that of its entry; 0 so far */
};

struct duplicates {
    struct duplicate *at; /* in the order of offset */
    size_t count;
    size_t hashes;     /* that several records have */
    const char *fault; /* what is wrong with the last one's name, or NULL */
};

struct compilation;

/* Finds all records whose key others have too, in time that is linear in their number but for
 * sorting those of one hash. 0; -1 errno, or fault says why. duplicates->at is to be freed in
 * any case. */
int duplicates_find(const struct book_writer *writer, struct duplicates *duplicates);

/* The duplicate whose record stands at offset, or NULL. */
struct duplicate *duplicates_at(const struct duplicates *duplicates, uint32_t offset);

/* Judges names that the reviewed book has more than once, and writes it again without what is
 * in it twice. */
enum outcome duplicates_settle(struct compilation *c);

#endif
