/* Folding: bringing names into the form in which they are compared.
 *
 * Blank means tab, space, U+00A0, U+2000-200A, U+202F, U+205F, U+3000.
 * Zero-width are U+200B-200D and U+FEFF. Compiling a book and looking up a name
 * use this same code, so a name is found however it was typed. */
#ifndef LOOKUP_FOLD_H
#define LOOKUP_FOLD_H

#include "data/bytes.h"

enum { FOLD_GROWTH = 3 }; /* folding makes a text at most 3 times as long */

/* Returns s without blanks at both ends. Bytes that are not UTF-8 are kept. */
struct span fold_trim(struct span s);

/* True if nothing is left of s after folding. */
bool fold_is_empty(struct span s);

/* Appends s in full upper case, keeping blanks. Returns 0, or -1 if s is not
 * UTF-8 or out is full. */
int fold_upper(struct span s, struct text *out);

/* Appends the folded name s: drops zero-width characters and blanks at both
 * ends, turns runs of blanks into one space, decomposes the rest (NFD), maps it
 * to upper case, and decomposes it again (Unicode Standard, D145, with upper
 * case for case folding). So all canonically equivalent names become equal.
 * Returns 0, or -1 if s is not UTF-8 or out is full. */
int fold_name(struct span s, struct text *out);

/* Appends the words of a folded name, separated by one space each, with plain apostrophes and
 * hyphens (data/punctuation.h): what parts words does so as a space does, and so does a hyphen
 * after that or after an initial (J.-P., J-P). Sets out->full if out has less room than folded
 * needs. */
void fold_words(struct span folded, struct text *out);

#endif
