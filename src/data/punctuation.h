/* The punctuation of names: which characters mean the same, and which end a word. fold_words
 * uses it. */
#ifndef LOOKUP_PUNCTUATION_H
#define LOOKUP_PUNCTUATION_H

#include <stdbool.h>
#include <stdint.h>

/* Returns the plain form of a character: ' for every kind of apostrophe, - for every hyphen and
 * dash, a space for other punctuation such as quotation marks and middle dots, the ASCII
 * character for a full-width one, 0 for an invisible one. Any other character is its own plain
 * form. */
uint32_t punctuation_plain(uint32_t point);

/* Returns true if c ends a word, as a space, a full stop, a comma or a bracket does. */
bool punctuation_parts(char c);

#endif
