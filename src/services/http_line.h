/* Parses the two kinds of lines in an HTTP head. */
#ifndef LOOKUP_HTTP_LINE_H
#define LOOKUP_HTTP_LINE_H

#include "services/http.h"

/* The fields of a head that matter here. */
struct http_fields {
    int hosts;
    struct span length; /* value of Content-Length; at is NULL without one */
    struct span coding; /* value of Transfer-Encoding, likewise */
    struct http_accept accept;
};

/* Parses method, target and version (RFC 9112, section 3). Sets all of head. */
void http_request_line(struct span line, struct http_head *head);

/* Parses one field line (RFC 9112, section 5) and adds it to fields. Returns 0 or
 * the error status. */
int http_field_line(struct span line, struct http_fields *fields);

/* Checks the fields together (RFC 9112, sections 3.2 and 6.3). Returns 0 or the
 * error status. */
int http_check_fields(const struct http_fields *fields, int minor);

#endif
