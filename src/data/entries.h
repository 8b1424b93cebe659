/* A book, entry by entry, as its source had them.
 *
 * The records of the names stand in the order of the sources, so the entries have numbers,
 * from 0. How the source spells a name is not in its record: behind each ENTRIES_BLOCK
 * of them, and behind the last, there may be a record with that. Its key is BOOK_BLOCK and
 * the number of the block, four bytes, the lowest first; its value the offset of the block's
 * first record, likewise, and a varint for each: SPELLING_*. Where there is no such record,
 * all the names are spelled as they are folded. */
#ifndef LOOKUP_ENTRIES_H
#define LOOKUP_ENTRIES_H

#include "data/book.h"

enum {
    ENTRIES_BLOCK = 32,
    SPELLING_FOLDED = 0, /* as the key is */
    SPELLING_TITLE = 1,  /* John Smith: as entries_title writes it */
    SPELLING_LEN = 2,    /* and so many bytes more: those bytes, which follow */
};

struct book_entry {
    struct span name; /* as the source spells it */
    struct span office;
    struct span key;
    uint32_t offset; /* of its record */
    uint32_t number; /* the first is 0 */
};

/* A walk under way; all zero before the first step. */
struct entries {
    struct cdb_record record;
    struct span spellings; /* of the rest of the block */
    uint32_t next;         /* number of the next entry */
    char name[BOOK_NAME_MAX];
};

/* The next entry of a book in memory: 1 there is one, 0 no more, -1 the book is broken. What
 * it holds is there until the next step. */
int entries_next(const struct book *book, struct entries *walk, struct book_entry *entry);

/* Likewise the entry of that number, whose block must have a record. Out of a file, it is
 * there until the next call. The name may be put into room, of BOOK_NAME_MAX bytes. */
int entries_find(const struct book *book, uint32_t number, char *room, struct book_entry *entry);

/* Appends key, which is ASCII, with small letters behind a letter. */
void entries_title(struct span key, struct text *out);

#endif
