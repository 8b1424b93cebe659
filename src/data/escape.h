/* Escapes text that is not plain, so that it cannot act on a terminal. */
#ifndef LOOKUP_ESCAPE_H
#define LOOKUP_ESCAPE_H

#include "data/bytes.h"

/* Appends s. Writes as \xHH: control characters, characters that change the
 * direction of writing or are invisible, bytes that are not UTF-8, and the
 * ASCII characters in also. Characters in except are never escaped. */
void escape(struct span s, const char *also, const char *except, struct text *out);

#endif
