#include "data/decompose.h"

#include "data/decompose_table.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Greek and Cyrillic letters are not marks: this range needs no search. */
enum { FIRST_TO_DECOMPOSE = 0xC0, FIRST_MARK = 0x300, PLAIN_FIRST = 0x370, PLAIN_END = 0x483 };

static size_t decompose_hangul(uint32_t syllable, uint32_t out[DECOMPOSE_MAX]) {
    uint32_t last = syllable % HANGUL_T_COUNT;
    uint32_t rest = syllable / HANGUL_T_COUNT;
    out[0] = HANGUL_L + rest / HANGUL_V_COUNT;
    out[1] = HANGUL_V + rest % HANGUL_V_COUNT;
    out[2] = HANGUL_T + last;
    return last == 0 ? 2 : 3;
}

static uint32_t ideograph(uint32_t number) {
    uint32_t large = ideographs_large[number / 8] >> number % 8 & 1;
    return ideographs[number] | large << 17;
}

/* Returns what a compatibility ideograph decomposes to, or 0 for other code points. */
static uint32_t decompose_ideograph(uint32_t point) {
    if (point >= IDEOGRAPHS_FIRST && point < IDEOGRAPHS_FIRST_END)
        return ideograph(point - IDEOGRAPHS_FIRST);
    if (point >= IDEOGRAPHS_SECOND && point < IDEOGRAPHS_SECOND_END)
        return ideograph(point - IDEOGRAPHS_SECOND + IDEOGRAPHS_FIRST_END - IDEOGRAPHS_FIRST);
    return 0;
}

/* One decomposition step for a point below U+10000. Returns 0 if it does not
 * decompose. */
static uint32_t step_short(uint32_t point, uint32_t *second) {
    size_t low = 0;
    size_t high = COUNT(short_points);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (short_points[middle] < point)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == COUNT(short_points) || short_points[low] != point)
        return 0;
    *second = seconds[short_seconds[low]];
    return short_firsts[low];
}

/* Likewise for any point. Sets *second to the second of two code points, or to
 * 0. */
static uint32_t step(uint32_t point, uint32_t *second) {
    *second = 0;
    if (point < 0x10000 && (point < IDEOGRAPHS_FIRST || point >= IDEOGRAPHS_FIRST_END))
        return step_short(point, second);
    for (size_t i = 0; i < COUNT(long_points); i++)
        if (long_points[i][0] == point) {
            *second = long_points[i][2];
            return long_points[i][1];
        }
    return decompose_ideograph(point);
}

/* Only the first code point of a decomposition can decompose further. */
size_t decompose(uint32_t point, uint32_t out[DECOMPOSE_MAX]) {
    uint32_t second;
    uint32_t seconds_reversed[DECOMPOSE_MAX];
    size_t behind = 0;
    size_t count = 1;
    if (point - HANGUL_FIRST < HANGUL_COUNT)
        return decompose_hangul(point - HANGUL_FIRST, out);
    for (uint32_t next; point >= FIRST_TO_DECOMPOSE && (next = step(point, &second)) != 0;
         point = next)
        if (second != 0)
            seconds_reversed[behind++] = second;
    out[0] = point;
    while (behind > 0)
        out[count++] = seconds_reversed[--behind];
    return count;
}

unsigned decompose_class(uint32_t point) {
    size_t low = 0;
    size_t high = COUNT(class_runs);
    if (point < FIRST_MARK || (point >= PLAIN_FIRST && point < PLAIN_END))
        return 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (class_runs[middle] >> 14 <= point)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return 0;
    uint32_t run = class_runs[low - 1];
    return point - (run >> 14) <= (run >> 8 & 0x3F) ? run & 0xFF : 0;
}
