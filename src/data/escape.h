/* Makes what is not plain text visible, so that it cannot act on a terminal. */
#ifndef LOOKUP_ESCAPE_H
#define LOOKUP_ESCAPE_H

#include "data/bytes.h"

/* Appends s, its control characters, those that turn the direction of writing or are not
 * seen, its bytes that are not UTF-8 and the (ASCII) characters in also written as \xHH.
 * Characters in except stay. */
void escape(struct span s, const char *also, const char *except, struct text *out);

#endif
