/* Canonical decomposition of one code point (Unicode Standard, 3.11, D68), and
 * what canonical order is made of (D108): from the tables that
 * decompose_table.py writes; Hangul by arithmetic (3.12). */
#ifndef LOOKUP_DECOMPOSE_H
#define LOOKUP_DECOMPOSE_H

#include <stddef.h>
#include <stdint.h>

enum { DECOMPOSE_MAX = 4 }; /* code points that one code point can become */

/* Unicode Standard, 3.12: what syllables of Hangul are made of. */
enum {
    HANGUL_FIRST = 0xAC00,
    HANGUL_L = 0x1100,
    HANGUL_V = 0x1161,
    HANGUL_T = 0x11A7, /* one before the first: a syllable may have none */
    HANGUL_L_COUNT = 19,
    HANGUL_V_COUNT = 21,
    HANGUL_T_COUNT = 28,
    HANGUL_COUNT = HANGUL_L_COUNT * HANGUL_V_COUNT * HANGUL_T_COUNT,
};

/* Writes the full canonical decomposition of point into out; returns how many
 * code points. */
size_t decompose(uint32_t point, uint32_t out[DECOMPOSE_MAX]);

/* The canonical combining class of point; 0: it is no mark that changes places. */
unsigned decompose_class(uint32_t point);

#endif
