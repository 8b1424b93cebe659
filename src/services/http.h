/* The head of an HTTP/1.x request, read strictly (RFC 9112; RFC 9110 for the
 * fields): what two readers could understand in two ways is refused. */
#ifndef LOOKUP_HTTP_H
#define LOOKUP_HTTP_H

#include "services/http_accept.h"
#include "services/service.h"

enum {
    HTTP_LINE_MAX = 8 * 1024,  /* bytes of the request line, its end not counted */
    HTTP_HEAD_MAX = 16 * 1024, /* bytes of the head, the empty line counted */
    HTTP_BUFFER = HTTP_HEAD_MAX + 1,
};

enum method { METHOD_OTHER, METHOD_GET, METHOD_HEAD, METHOD_OPTIONS, METHOD_KNOWN };

struct http_head {
    int status;         /* 0: a proper request; else what to answer */
    enum method method; /* even of an improper one: no HEAD is answered with a body */
    bool is_raw;        /* there are bytes beyond ASCII in the target or behind it */
    struct span path;   /* of the target, still percent-encoded; "*" for OPTIONS */
    struct span query;  /* likewise */
    int minor;          /* the x of HTTP/1.x */
    struct http_accept accept;
};

/* For struct service: the end of the head, or the first thing that settles
 * the answer. The body is not looked for; it is never read as a request. */
bool http_frame(struct request *request, size_t from);

struct http_head http_parse(const struct request *request);

/* Not Found and its like (RFC 9110, section 15). */
struct span http_reason(int status);

#endif
