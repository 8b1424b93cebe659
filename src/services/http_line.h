/* The two kinds of line in an HTTP head, taken apart one at a time. */
#ifndef LOOKUP_HTTP_LINE_H
#define LOOKUP_HTTP_LINE_H

#include "services/http.h"

/* What the fields of a head said. */
struct http_fields {
    int hosts;
    struct span length; /* of Content-Length; at is NULL where there is none */
    struct span coding; /* of Transfer-Encoding, likewise */
    struct http_accept accept;
};

/* Method, target and version (RFC 9112, section 3). Sets all of head. */
void http_request_line(struct span line, struct http_head *head);

/* One field line (RFC 9112, section 5), added to fields. Returns 0 or the
 * status that refuses it. */
int http_field_line(struct span line, struct http_fields *fields);

/* What the fields together allow (RFC 9112, sections 3.2 and 6.3): 0 or a
 * status. */
int http_check_fields(const struct http_fields *fields, int minor);

#endif
