/* Strings of JSON (RFC 8259, section 7). */
#ifndef LOOKUP_JSON_H
#define LOOKUP_JSON_H

#include "data/bytes.h"

enum { JSON_CHARACTER_MAX = 12 }; /* bytes of a character, at most: two escapes of 6 */

/* Removes the first character from *rest, which is not empty, and appends it as a JSON string
 * has it. An invisible character, and one that could act on a terminal, becomes an escape such as
 * \u001b; a byte that is not UTF-8 becomes U+FFFD. */
void json_put_character(struct span *rest, struct text *out);

/* Appends s as a string, quotes included. */
void json_put_string(struct span s, struct text *out);

#endif
