/* Finds names that occur more than once in a book, before its hash tables are written. */
#ifndef LOOKUP_DUPLICATES_H
#define LOOKUP_DUPLICATES_H

#include "compile/book_writer.h"
#include "compile/line_map.h"

#include <stdint.h>

/* A search compares all names that have its hash, and passes the slots of all hashes whose searches
 * start at the same slot. So a book that exceeds one of these limits would be slow to search, and
 * is refused. */
enum {
    DUPLICATES_OF_HASH = 64,   /* names of one hash, at most */
    DUPLICATES_OF_SLOT = 1024, /* hashes whose searches start at one of a pair of slots, at most */
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
    const char *fault; /* error message about the last element of at, or NULL */
};

struct compilation;

/* Finds all records whose key occurs more than once; call book_writer_review first. Takes linear
 * time, except that it sorts the duplicates, and the records of each bucket (duplicate_search.c).
 * Returns 0; or -1 with fault set; or -1 with errno and fault NULL. The caller frees duplicates->at
 * in any case. */
int duplicates_find(const struct book_writer *writer, struct duplicates *duplicates);

/* Returns the duplicate whose record is at offset, or NULL. Call it only if duplicates_find has
 * returned 0. */
struct duplicate *duplicates_at(const struct duplicates *duplicates, uint32_t offset);

/* Returns the place of an entry of the book as it is after duplicates_settle. number is counted
 * from 0. */
struct place duplicates_place(const struct compilation *c, unsigned long number);

/* Warns of each name with several offices; with the option strict this is an error. If there are
 * duplicates (same name, same office), writes the book again without them. Sets the counts of
 * names, duplicates and entries. Call book_writer_review first. Returns OUTCOME_DONE, or the
 * outcome with which the compilation must end, after reporting the reason. */
enum outcome duplicates_settle(struct compilation *c);

#endif
