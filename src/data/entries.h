/* The entries of a book, as the sources spell them.
 *
 * The records of names are in the order of the sources, so entries are numbered, from 0. The
 * record of a name does not hold the source's spelling. After every ENTRIES_BLOCK of them, and
 * after the last, there may be a record with the spellings of that block. Its key is BOOK_BLOCK
 * and the number of the block: four bytes, little-endian. Its value is the offset of the
 * block's first record, likewise, and a varint for each entry: SPELLING_*. If a block has no
 * such record, the sources spell all its names as they are folded. After the last block stands
 * BOOK_ENTRIES: how many entries there are, four bytes, little-endian. */
#ifndef LOOKUP_ENTRIES_H
#define LOOKUP_ENTRIES_H

#include "data/book.h"

enum {
    ENTRIES_BLOCK = 32,
    SPELLING_FOLDED = 0, /* spelled like the key */
    SPELLING_TITLE = 1,  /* spelled as entries_title writes the key: John Smith */
    SPELLING_LEN = 2,    /* SPELLING_LEN + n: the n bytes that follow */
};

struct book_entry {
    struct span name; /* in the source's spelling */
    struct span office;
    struct span key;
    uint32_t offset; /* offset of its record */
    uint32_t number; /* counted from 0 */
};

/* State of a walk; all zero before the first step. */
struct entries {
    struct cdb_record record;
    struct span spellings; /* spellings of the rest of the block */
    uint32_t next;         /* number of the next entry */
    char name[BOOK_NAME_MAX];
};

/* Returns the next entry of a mapped book: 1, or 0 after the last, or -1 if the book is broken.
 * entry is valid until the next step. */
int entries_next(const struct book *book, struct entries *walk, struct book_entry *entry);

/* Likewise, the entry of that number; its block must have a record of spellings. In
 * a book read in pieces, entry is valid until the next call. room has BOOK_NAME_MAX
 * bytes; the name may be written there. */
int entries_find(const struct book *book, uint32_t number, char *room, struct book_entry *entry);

/* Sets *count to how many there are, without going through them. Returns 1, or 0 if the book does
 * not say, or -1 if it is broken. */
int entries_count(const struct book *book, uint32_t *count);

/* Appends key, which is ASCII. Letters that follow a letter become lower case. */
void entries_title(struct span key, struct text *out);

#endif
