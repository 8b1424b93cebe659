/* Full upper case of one code point, whatever the locale: the unconditional
 * mappings of UnicodeData.txt and SpecialCasing.txt (Unicode Standard, 3.13,
 * toUppercase), from the table that upper_table.py writes. */
#ifndef LOOKUP_UPPER_H
#define LOOKUP_UPPER_H

#include <stddef.h>
#include <stdint.h>

enum { UPPER_MAX = 3 }; /* code points that one code point can become */

/* Writes the upper case of point into out; returns how many code points. */
size_t upper(uint32_t point, uint32_t out[UPPER_MAX]);

#endif
