/* Parses the head of an HTTP/1.x request strictly (RFC 9112; RFC 9110 for the
 * fields): refuses anything that two parsers could read in two ways. */
#ifndef LOOKUP_HTTP_H
#define LOOKUP_HTTP_H

#include "services/http_accept.h"
#include "services/service.h"

enum {
    HTTP_LINE_MAX = 8 * 1024,  /* bytes of the request line without its line end */
    HTTP_HEAD_MAX = 16 * 1024, /* bytes of the head with its empty line */
    HTTP_BUFFER = HTTP_HEAD_MAX + 1,
};

enum method {
    METHOD_OTHER, /* not implemented (501): unknown, or CONNECT */
    METHOD_GET,
    METHOD_HEAD,
    METHOD_OPTIONS,
    METHOD_KNOWN, /* in RFC 9110 or 5789, but not allowed here (405) */
};

struct http_head {
    int status;         /* 0 for a valid request, else the status to answer */
    enum method method; /* set even for an invalid request: an answer to HEAD has no body */
    bool is_raw;        /* bytes beyond ASCII are in the target or behind it */
    struct span path;   /* path of the target, still percent-encoded; "*" for OPTIONS */
    struct span query;  /* query of the target, likewise */
    int minor;          /* the x of HTTP/1.x */
    struct http_accept accept;
};

/* struct service.frame: finds the end of the head, or the first byte that decides
 * the answer. Does not look for a body, which is never read as a request. */
bool http_frame(struct request *request, size_t from);

/* Parses the head of an ended request. status is 0, or the status to answer with; then path and
 * query may be empty. */
struct http_head http_parse(const struct request *request);

/* Returns the reason phrase of status (RFC 9110, section 15). */
struct span http_reason(int status);

#endif
