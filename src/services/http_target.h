/* Request targets (RFC 9112, section 3.2), their paths, and character tests. */
#ifndef LOOKUP_HTTP_TARGET_H
#define LOOKUP_HTTP_TARGET_H

#include "data/bytes.h"

/* Character functions for HTTP's grammar; ASCII in any locale. */

char http_lower(char c);

/* True if s is not empty and has only letters, digits and characters of others. */
bool http_made_of(struct span s, const char *others);

/* Compare ignoring case; the second argument is in lower case. */
bool http_starts_caseless(struct span s, const char *prefix);
bool http_is_caseless(struct span s, const char *other);

/* Returns s without spaces and tabs at both ends. */
struct span http_without_blanks(struct span s);

/* Splits a target in origin form or absolute form, or in asterisk form if options,
 * into its path and the query after the question mark, both still percent-encoded.
 * Returns false for any other target, for a fragment, and for a malformed or NUL
 * escape. */
bool http_target_parts(struct span target, bool options, struct span *path, struct span *query);

/* True if s is a name, an IPv4 address or an IPv6 address in brackets, optionally
 * with a port (RFC 3986, sections 3.2.2 and 3.2.3), as in Host and in absolute
 * form. User information is refused (RFC 9110, section 4.2.4), and so is a
 * malformed or NUL escape. */
bool http_is_host(struct span s);

/* Takes the first character off a path or query from http_target_parts, which must
 * not be empty, and decodes its escape. */
char http_take(struct span *rest);

/* True if the decoded path starts with plain; *rest is the remainder, still
 * percent-encoded. */
bool http_path_starts(struct span path, const char *plain, struct span *rest);

/* True if the decoded path equals plain. */
bool http_path_is(struct span path, const char *plain);

#endif
