/* Full upper case of one code point, in any locale: the unconditional mappings
 * of UnicodeData.txt and SpecialCasing.txt (Unicode Standard, 3.13,
 * toUppercase), from the table that upper_table.py writes. */
#ifndef LOOKUP_UPPER_H
#define LOOKUP_UPPER_H

#include <stddef.h>
#include <stdint.h>

enum { UPPER_MAX = 3 }; /* maximum number of code points in an upper case */

/* Writes the upper case of point into out. Returns its number of code points. */
size_t upper(uint32_t point, uint32_t out[UPPER_MAX]);

#endif
