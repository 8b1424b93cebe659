/* Strict UTF-8 (RFC 3629, section 4): no overlong forms, no surrogates, nothing
 * above U+10FFFF. */
#ifndef LOOKUP_UTF8_H
#define LOOKUP_UTF8_H

#include "data/bytes.h"

#include <stdint.h>

/* Reads one code point at the start of s. Returns its length in bytes (1 to 4),
 * or 0 if s is empty or does not start with valid UTF-8. */
size_t utf8_decode(struct span s, uint32_t *point);

/* Appends one valid code point. */
void utf8_put(struct text *out, uint32_t point);

/* True if all of s is UTF-8 without control characters (general category Cc:
 * U+0000-001F, U+007F-009F) other than tab. */
bool utf8_is_plain(struct span s);

/* True if all of s is ASCII. */
bool utf8_is_ascii(struct span s);

#endif
