/* Names as they are compared.
 *
 * Blank means tab, space, U+00A0, U+2000-200A, U+202F, U+205F, U+3000; of no
 * width are U+200B-200D and U+FEFF. Compiling a book and asking it use this
 * same code, so a name is found however it was typed. */
#ifndef LOOKUP_FOLD_H
#define LOOKUP_FOLD_H

#include "data/bytes.h"

enum { FOLD_GROWTH = 3 }; /* no text folds to more than 3 times its bytes */

/* s without the blanks at both its ends. Bytes that are not UTF-8 are kept. */
struct span fold_trim(struct span s);

/* True for a name that vanishes when it is folded. */
bool fold_is_empty(struct span s);

/* Appends s in full upper case, blanks and all. -1 if s is not UTF-8 or out
 * is full. */
int fold_upper(struct span s, struct text *out);

/* Appends the name in s as it is compared: characters of no width go, blanks
 * become one space and go at the ends, the rest is decomposed (NFD), becomes upper
 * case, and is decomposed again (Unicode Standard, D145, with upper case for case
 * folding). So all canonically equivalent names are one. -1 if s is not UTF-8 or
 * out is full. */
int fold_name(struct span s, struct text *out);

/* Appends the words of a folded name, parted by one space each, with plain apostrophes and
 * hyphens (data/punctuation.h): what parts words does as a space does, and so does a hyphen
 * behind that or behind an initial, as in J.-P. and J-P. Sets out->full if out has less
 * room than folded needs. */
void fold_words(struct span folded, struct text *out);

#endif
