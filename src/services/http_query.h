/* Queries of HTML forms: application/x-www-form-urlencoded (WHATWG URL Standard,
 * section 5), from a target that http_target_parts accepted. */
#ifndef LOOKUP_HTTP_QUERY_H
#define LOOKUP_HTTP_QUERY_H

#include "data/bytes.h"

/* Returns the number of parameters of that name. *value is the last one's value,
 * still percent-encoded; it is empty without an equals sign, and not set if there
 * is no parameter. */
size_t http_query_find(struct span query, const char *name, struct span *value);

/* Appends a part of a path or query after one percent-decoding. In a query, a plus
 * is a blank. */
void http_decode(struct span s, bool is_query, struct text *out);

#endif
