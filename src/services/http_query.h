/* Queries as forms send them, application/x-www-form-urlencoded (WHATWG URL Standard,
 * section 5), of a target that http_target_parts took. */
#ifndef LOOKUP_HTTP_QUERY_H
#define LOOKUP_HTTP_QUERY_H

#include "data/bytes.h"

/* How many parameters of that name there are. *value is the last one's, still
 * percent-encoded; it is empty for one without an equals sign, and is not set if
 * there is none. */
size_t http_query_find(struct span query, const char *name, struct span *value);

/* Appends a part of a path or of a query, its escapes undone once. A plus is a blank
 * in a query only. */
void http_decode(struct span s, bool is_query, struct text *out);

#endif
