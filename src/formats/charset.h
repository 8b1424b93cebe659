/* Text in other charsets than UTF-8, by iconv(3). */
#ifndef LOOKUP_CHARSET_H
#define LOOKUP_CHARSET_H

#include "data/bytes.h"

#include <iconv.h>

enum { CHARSETS_MAX = 64 };

/* True if there is a charset of that name. */
bool charset_is_known(const char *charset);

/* Charsets that are kept at hand: libc has most of them in files, which it opens
 * when they are first asked for. */
struct charsets {
    iconv_t held[CHARSETS_MAX];
    size_t count;
};

/* Holds those that a byte order mark says, own, unless it is NULL, and, if lines
 * may have charsets of their own, those that such lines have. */
void charsets_hold(struct charsets *charsets, const char *own, bool of_lines);
void charsets_release(struct charsets *charsets);

/* True if what has a meaning to the reader of a source is the same byte in it, so
 * that lines can be taken apart before they are converted. */
bool charset_keeps_ascii(const char *charset);

/* Appends s, which is in charset, as UTF-8. 0; -1 errno: EINVAL there is no such
 * charset, EILSEQ it has no such bytes, E2BIG out is full. */
int charset_convert(const char *charset, struct span s, struct text *out);

#endif
