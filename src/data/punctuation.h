/* Characters that are no letters, as the words of a name know them. */
#ifndef LOOKUP_PUNCTUATION_H
#define LOOKUP_PUNCTUATION_H

#include <stdbool.h>
#include <stdint.h>

/* What stands for point: an apostrophe, a hyphen, or a space for each of their like; the
 * ASCII character for a full-width one; 0 for what is not seen; else point. */
uint32_t punctuation_plain(uint32_t point);

/* True for the ASCII characters that part words as a space does. */
bool punctuation_parts(char c);

#endif
