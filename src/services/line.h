/* The line protocol of lookup and clock.
 *
 * A request is one line of UTF-8 of at most LINE_MAX_BYTES bytes. It ends at its
 * first LF, at end of file, or when the client has sent nothing for LINE_QUIET_MS.
 * CRs and NULs at its end belong to the line end; blanks around it are dropped. The
 * answer ends like the request: with LF, with CRLF, or with nothing. */
#ifndef LOOKUP_LINE_H
#define LOOKUP_LINE_H

#include "services/service.h"

enum {
    LINE_MAX_BYTES = 1024,
    LINE_QUIET_MS = 200,
    LINE_BUFFER = 2048, /* more than a line with its end: what does not fit is too long */
};

struct line {
    struct span text; /* the request without its line end */
    struct span end;  /* LF, CRLF or nothing */
};

/* struct service.frame. */
bool line_frame(struct request *request, size_t from);

/* Appends a service's answer to a valid request, without the line end. */
typedef enum result line_asker(const struct line *line, const struct request_context *context,
                               struct text *out);

/* Appends the answer to an ended request: ask's answer if the request is valid,
 * else an ERROR line. */
enum result line_answer(const struct request *request, const struct request_context *context,
                        line_asker *ask, struct text *out);

/* Returns the separator between the lines of an answer. */
struct span line_separator(const struct line *line);

/* Appends the service's answer to an unknown request: service->unknown, and the request
 * in upper case. */
void line_unknown(const struct line *line, const struct service *service, struct text *out);

#endif
