/* Converts text from other charsets to UTF-8, by iconv(3). */
#ifndef LOOKUP_CHARSET_H
#define LOOKUP_CHARSET_H

#include "data/bytes.h"

#include <iconv.h>
#include <stdint.h>

/* Returns true if converter is what iconv_open(3) returns on failure. */
static inline bool charset_failed(iconv_t converter) {
    return (intptr_t)converter == -1;
}

enum { CHARSETS_MAX = 64 }; /* charsets that are kept loaded, at most */

/* Returns true if iconv knows a charset of that name. */
bool charset_is_known(const char *charset);

/* Charsets that are kept loaded. libc keeps most of them in files, which it
 * opens at the first use; a confined process cannot open them. */
struct charsets {
    iconv_t held[CHARSETS_MAX];
    size_t count;
};

/* Loads the charsets of byte order marks, and own unless it is NULL. If
 * of_lines, also loads those that lines of vCards commonly name. Skips what
 * iconv does not know. */
void charsets_hold(struct charsets *charsets, const char *own, bool of_lines);
void charsets_release(struct charsets *charsets);

/* Returns true if all characters that a reader interprets have the same bytes
 * in charset as in ASCII, so that a line can be split before it is converted. */
bool charset_keeps_ascii(const char *charset);

/* Converts s from charset to UTF-8 and appends it to out. Returns 0, or -1 with
 * errno: EINVAL for an unknown charset, EILSEQ for bytes that are invalid in
 * it, E2BIG if out is full. */
int charset_convert(const char *charset, struct span s, struct text *out);

#endif
