/* Finds names that occur more than once in a book, before its hash tables are written. */
#ifndef LOOKUP_DUPLICATES_H
#define LOOKUP_DUPLICATES_H

#include "compile/book_writer.h"

#include <stdint.h>

/* A search compares all names of one hash, and passes all hashes that start at its slot. A book
 * that exceeds a limit would be slow to search, and is refused. */
enum {
    DUPLICATES_OF_HASH = 64,   /* names with the same hash */
    DUPLICATES_OF_SLOT = 1024, /* hashes whose searches start at the same slot */
};

struct duplicate {
    uint32_t offset;      /* offset of its record */
    uint32_t of;          /* offset of the first record with the same key, maybe its own */
    bool same;            /* an earlier record with this key has the same office */
    unsigned long number; /* number of its entry, set by the caller; initially 0 */
};

struct duplicates {
    struct duplicate *at; /* sorted by offset */
    size_t count;
    size_t hashes;     /* number of hashes that several records have */
    const char *fault; /* error message about the last of them, or NULL */
};

struct compilation;

/* Finds all records whose key occurs more than once. Takes linear time, except that records of one
 * hash are sorted. Returns 0; or -1 with fault set; or -1 with errno and fault NULL. The caller
 * frees duplicates->at in any case. */
int duplicates_find(const struct book_writer *writer, struct duplicates *duplicates);

/* Returns the duplicate whose record is at offset, or NULL. */
struct duplicate *duplicates_at(const struct duplicates *duplicates, uint32_t offset);

/* Call this after book_writer_review. Warns of each name with several offices; with the option
 * strict this is an error. If there are duplicates (same name, same office), writes the book again
 * without them. Sets the counts of names, duplicates and entries. Returns OUTCOME_DONE, or the
 * outcome with which the compilation must end, after reporting the reason. */
enum outcome duplicates_settle(struct compilation *c);

#endif
