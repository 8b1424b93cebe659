/* Request targets (RFC 9112, section 3.2), the paths in them, and characters. */
#ifndef LOOKUP_HTTP_TARGET_H
#define LOOKUP_HTTP_TARGET_H

#include "data/bytes.h"

/* The little that HTTP's grammar needs of characters; ASCII, whatever the locale. */

char http_lower(char c);

/* All of s, and at least one, are letters, digits or among others. */
bool http_made_of(struct span s, const char *others);

/* Compare without case; the second argument is in lower case. */
bool http_starts_caseless(struct span s, const char *prefix);
bool http_is_caseless(struct span s, const char *other);

/* s without the spaces and tabs around it. */
struct span http_without_blanks(struct span s);

/* Sets *path to the path of a target in origin form or absolute form, or in
 * asterisk form where it is for OPTIONS, and *query to what follows its question
 * mark, both still percent-encoded. False for any other target, one with a
 * fragment, and one with a broken or NUL escape. */
bool http_target_parts(struct span target, bool options, struct span *path, struct span *query);

/* True if s is a name, an IPv4 address or an IPv6 address in brackets, and a
 * port may follow it (RFC 3986, sections 3.2.2 and 3.2.3): so in Host as in
 * absolute form. A user before it is refused (RFC 9110, section 4.2.4), as is a
 * broken or NUL escape. */
bool http_is_host(struct span s);

/* Takes the first character off a path or query from above, which is not empty, and
 * undoes its escape. */
char http_take(struct span *rest);

/* True if a path from above, its escapes undone, starts with plain; *rest is what
 * follows, still percent-encoded. */
bool http_path_starts(struct span path, const char *plain, struct span *rest);

/* True if it is plain. */
bool http_path_is(struct span path, const char *plain);

#endif
