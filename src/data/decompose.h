/* Canonical decomposition of one code point (Unicode Standard, 3.11, D68) and
 * combining classes, which define canonical order (D108), from tables that
 * decompose_table.py writes; Hangul by arithmetic (3.12). */
#ifndef LOOKUP_DECOMPOSE_H
#define LOOKUP_DECOMPOSE_H

#include <stddef.h>
#include <stdint.h>

enum { DECOMPOSE_MAX = 4 }; /* maximum number of code points in a decomposition */

/* Constants of Hangul syllables (Unicode Standard, 3.12). */
enum {
    HANGUL_FIRST = 0xAC00,
    HANGUL_L = 0x1100,
    HANGUL_V = 0x1161,
    HANGUL_T = 0x11A7, /* one before the first trailing consonant, which is optional */
    HANGUL_L_COUNT = 19,
    HANGUL_V_COUNT = 21,
    HANGUL_T_COUNT = 28,
    HANGUL_COUNT = HANGUL_L_COUNT * HANGUL_V_COUNT * HANGUL_T_COUNT,
};

/* Writes the full canonical decomposition of point into out. Returns its number
 * of code points. */
size_t decompose(uint32_t point, uint32_t out[DECOMPOSE_MAX]);

/* Returns the canonical combining class of point; 0: it is not reordered. */
unsigned decompose_class(uint32_t point);

#endif
