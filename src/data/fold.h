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

/* Appends the words of a folded name, with one space between two of them. Each character becomes
 * its plain form (punctuation_plain). A word ends at what punctuation_parts accepts, such as a
 * space. A hyphen ends a word that is a single letter (J-P), and no word begins with one (J.-P.);
 * any other hyphen is a part of its word. Sets out->full if out has less room than folded
 * needs. */
void fold_words(struct span folded, struct text *out);

#endif
