/* The words of a name: what it is looked for by where it is not asked for whole.
 *
 * A name that is indexed and a request are split by this same code. */
#ifndef LOOKUP_WORDS_H
#define LOOKUP_WORDS_H

#include "data/bytes.h"

#include <stdint.h>

enum {
    WORDS_MAX = 32,         /* of a name; the others are passed over */
    WORDS_ROOM = 3072 + 64, /* bytes of a folded name, and spaces */
};

/* One that has no hyphen in it any more. */
struct word {
    struct span text;   /* as it is folded */
    struct span bare;   /* without its marks and apostrophes */
    uint32_t initial;   /* the first letter of bare; a syllable of Hangul as a whole */
    bool is_letter;     /* that is all of it, and of bare; also of text, as Æ is one */
    unsigned char join; /* how many words in a row, from this one on, hyphens join; 0: one before
                           is joined to it */
};

struct words {
    struct word at[WORDS_MAX];
    size_t count;
    bool is_cut;               /* it has more words */
    char room[2 * WORDS_ROOM]; /* where they stand */
};

/* Sets words to those of a folded name of at most WORDS_ROOM - 64 bytes: what
 * fold_words gives, split at the hyphens within, too. SMITH, JOHN is JOHN SMITH. */
void words_of(struct span folded, struct words *words);

/* The letter that s begins with, as an initial: without marks, a syllable of Hangul as a whole.
 * Sets *used to its bytes, marks included; 0: s has no letter left. */
uint32_t words_letter(struct span s, size_t *used);

/* Appends the words from first on, count of them, each text, or each bare, with
 * hyphens between. */
void words_join(const struct words *words, size_t first, size_t count, bool bare, struct text *out);

/* Appends words with other spaces, in the way of that number, from 0 on: one word of Han, kana
 * or Hangul in two, at any place; several such words as one; a letter and the word behind it
 * with an apostrophe between, as in O Brien. False: there is no such way. */
bool words_respaced(const struct words *words, size_t way, struct text *out);

#endif
