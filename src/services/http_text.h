/* The little that HTTP's grammar needs of characters; ASCII, whatever the locale. */
#ifndef LOOKUP_HTTP_TEXT_H
#define LOOKUP_HTTP_TEXT_H

#include "data/bytes.h"

char http_lower(char c);

/* All of s, and at least one, are letters, digits or among others. */
bool http_made_of(struct span s, const char *others);

/* Compare without case; the second argument is in lower case. */
bool http_starts_caseless(struct span s, const char *prefix);
bool http_is_caseless(struct span s, const char *other);

#endif
