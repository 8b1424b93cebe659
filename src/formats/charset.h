/* Text in other charsets than UTF-8, by iconv(3). */
#ifndef LOOKUP_CHARSET_H
#define LOOKUP_CHARSET_H

#include "data/bytes.h"

/* True if there is a charset of that name. */
bool charset_is_known(const char *charset);

/* True if what has a meaning to the reader of a source is the same byte in it, so
 * that lines can be taken apart before they are converted. */
bool charset_keeps_ascii(const char *charset);

/* Appends s, which is in charset, as UTF-8. 0; -1 errno: EINVAL there is no such
 * charset, EILSEQ it has no such bytes, E2BIG out is full. */
int charset_convert(const char *charset, struct span s, struct text *out);

#endif
