#include "data/punctuation.h"

#include <stddef.h>

enum { FULL_WIDTH = 0xFEE0 }; /* from an ASCII character to its full-width form */

static const struct {
    uint32_t first, last;
    char plain; /* 0: not seen */
} ranges[] = {
    {0x00AB, 0x00AB, ' '},  /* quotation mark */
    {0x00AD, 0x00AD, 0},    /* soft hyphen */
    {0x00B4, 0x00B4, '\''}, /* acute accent */
    {0x00B7, 0x00B7, ' '},  /* middle dot */
    {0x00BB, 0x00BB, ' '},  /* quotation mark */
    {0x02B9, 0x02B9, '\''}, /* prime, of letters */
    {0x02BB, 0x02BF, '\''}, /* apostrophes and half rings, of letters */
    {0x034F, 0x034F, 0},    /* grapheme joiner */
    {0x05BE, 0x05BE, '-'},  /* Hebrew: maqaf */
    {0x05F3, 0x05F3, '\''}, /* geresh */
    {0x05F4, 0x05F4, ' '},  /* gershayim */
    {0x060C, 0x060C, ' '},  /* Arabic: comma */
    {0x061B, 0x061B, ' '},  /* semicolon */
    {0x061C, 0x061C, 0},    /* mark of direction */
    {0x0640, 0x0640, 0},    /* what stretches a letter */
    {0x200E, 0x200F, 0},    /* marks of direction */
    {0x2010, 0x2015, '-'},  /* hyphens and dashes */
    {0x2018, 0x2019, '\''}, /* quotation marks, most of them apostrophes */
    {0x201A, 0x201A, ' '},  /* another */
    {0x201B, 0x201B, '\''}, /* as U+2018 */
    {0x201C, 0x201F, ' '},  /* double ones */
    {0x2022, 0x2022, ' '},  /* bullet */
    {0x2027, 0x2027, ' '},  /* hyphenation point */
    {0x202A, 0x202E, 0},    /* directions */
    {0x2032, 0x2032, '\''}, /* prime */
    {0x2035, 0x2035, '\''}, /* reversed */
    {0x2039, 0x203A, ' '},  /* quotation marks */
    {0x2044, 0x2044, ' '},  /* fraction slash */
    {0x2060, 0x2064, 0},    /* joiners */
    {0x2066, 0x206F, 0},    /* directions */
    {0x2212, 0x2212, '-'},  /* minus */
    {0x3001, 0x3002, ' '},  /* Chinese and Japanese: comma, full stop */
    {0x3008, 0x3011, ' '},  /* brackets */
    {0x30FB, 0x30FB, ' '},  /* middle dot */
    {0xFE00, 0xFE0F, 0},    /* variants of the letter before */
    {0xFF61, 0xFF65, ' '},  /* half-width: full stop, brackets, comma, middle dot */
    {0xE0100, 0xE01EF, 0},  /* more variants */
};

static uint32_t ascii_plain(uint32_t point) {
    return point == '`' ? '\'' : point;
}

uint32_t punctuation_plain(uint32_t point) {
    if (point < 0x80)
        return ascii_plain(point);
    if (point >= FULL_WIDTH + '!' && point <= FULL_WIDTH + '~')
        return ascii_plain(point - FULL_WIDTH);
    for (size_t i = 0; i < sizeof(ranges) / sizeof(*ranges) && ranges[i].first <= point; i++)
        if (point <= ranges[i].last)
            return (unsigned char)ranges[i].plain;
    return point;
}

bool punctuation_parts(char c) {
    switch (c) {
    case ' ':
    case '.':
    case ',':
    case ';':
    case ':':
    case '/':
    case '\\':
    case '|':
    case '&':
    case '_':
    case '"':
    case '(':
    case ')':
    case '[':
    case ']':
    case '{':
    case '}':
    case '<':
    case '>': return true;
    default: return false;
    }
}
