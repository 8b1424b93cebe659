/* Splits a name into words, by which it is found if the request is not the whole name. The
 * index and the requests use this same code. */
#ifndef LOOKUP_WORDS_H
#define LOOKUP_WORDS_H

#include "data/bytes.h"

#include <stdint.h>

enum {
    WORDS_MAX = 32,         /* of a name; further words are ignored */
    WORDS_ROOM = 3072 + 64, /* bytes of a folded name, plus spaces */
};

/* A word without hyphens. */
struct word {
    struct span text;   /* folded */
    struct span bare;   /* text without marks and apostrophes */
    uint32_t initial;   /* the first letter of bare; a syllable of Hangul as a whole */
    bool is_letter;     /* text is one letter; bare is then cut to one, as for Æ (AE) */
    unsigned char join; /* words from here on that hyphens join; 0: joined to the one before */
};

struct words {
    struct word at[WORDS_MAX];
    size_t count;
    bool is_cut;               /* there were more than WORDS_MAX words */
    char room[2 * WORDS_ROOM]; /* memory of the words */
};

/* Splits a folded name of at most WORDS_ROOM - 64 bytes by fold_words, and also at the
 * remaining hyphens. SMITH, JOHN becomes JOHN SMITH. */
void words_of(struct span folded, struct words *words);

/* Returns the first letter of s as an initial: without marks, a Hangul syllable as a whole.
 * *used is its length with the marks and apostrophes around it; 0: s has no letter left. */
uint32_t words_letter(struct span s, size_t *used);

/* Appends count words from first on, joined by hyphens: text of each, or bare of each. */
void words_join(const struct words *words, size_t first, size_t count, bool bare, struct text *out);

/* Appends words with other spaces, in the way of that number, from 0 on: one word of Han, kana
 * or Hangul in two, at any place; several such words as one; a letter and the word behind it
 * with an apostrophe between, as in O Brien. False: there is no such way. */
bool words_respaced(const struct words *words, size_t way, struct text *out);

#endif
