/* Words, and the entries each of them stands for, while an index is made. */
#ifndef LOOKUP_POSTINGS_H
#define LOOKUP_POSTINGS_H

#include "data/bytes.h"

#include <stdint.h>

enum {
    POSTINGS_WORDS = 1 << 21, /* all of it takes 144 MiB when it is full */
    POSTINGS_SLOTS = 2 * POSTINGS_WORDS,
    POSTINGS_MAX = 2 * POSTINGS_WORDS,
    POSTINGS_TEXT = 16 * POSTINGS_WORDS,
};

enum { WORD_OF_NONE = 0, WORD_OF_SEVERAL = 1 };

struct word {
    uint32_t text; /* where it stands in postings.text */
    uint32_t len;
    uint32_t hash;
    uint32_t whole;  /* start of the entry whose whole name it stands for, or one of the above */
    uint32_t latest; /* start of the entry added last */
    uint32_t count;  /* of the entries that have it */
    uint32_t first;  /* numbers of the first and the last that is kept */
    uint32_t last;
};

/* An entry that has a word, and the number of the next that has it. */
struct holder {
    uint32_t start;
    uint32_t next;
};

struct postings {
    uint32_t *slots; /* 1 + number of a word, by its hash; 0: free */
    struct word *words;
    struct holder *holders;
    char *text;
    uint32_t word_count;
    uint32_t posting_count;
    uint32_t text_len;
};

/* 0, or -1 ENOMEM; to be ended in any case. */
int postings_begin(struct postings *list);
void postings_end(struct postings *list);

/* Forgets all words. */
void postings_clear(struct postings *list);

/* Notes that the entry at start has the word of that hash (cdbread_hash); the
 * same again is noted once, as long as no other entry came between. At most
 * BOOK_LINES_MAX entries are kept, the others only counted. The word, or NULL:
 * there is no room for it. */
struct word *postings_add(struct postings *list, struct span text, uint32_t hash, uint32_t start);

struct span postings_text(const struct postings *list, const struct word *word);

#endif
