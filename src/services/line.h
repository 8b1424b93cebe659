/* The line protocol of lookup and clock.
 *
 * A request is one line of UTF-8 of at most LINE_MAX_BYTES bytes. It ends at
 * its first LF, at EOF, or when the client stays quiet for LINE_QUIET_MS. CRs
 * and NULs at its end belong to the line end; blanks around it are dropped.
 * The answer ends as the request did: in LF, in CRLF, or in nothing. */
#ifndef LOOKUP_LINE_H
#define LOOKUP_LINE_H

#include "services/service.h"

enum {
    LINE_MAX_BYTES = 1024,
    LINE_QUIET_MS = 200,
    LINE_BUFFER = 2048, /* more than a line and its end: whatever is cut is too long */
};

struct line {
    struct span text; /* the request proper */
    struct span end;  /* its line end: LF, CRLF or nothing */
};

/* For struct service. */
bool line_frame(struct request *request, size_t from);

/* What a service has to say to a proper request, without its line end. */
typedef enum result line_asker(const struct line *line, const struct request_context *context,
                               struct text *out);

/* Appends the answer to an ended request: what ask says if it is a proper one,
 * else an ERROR. */
enum result line_answer(const struct request *request, const struct request_context *context,
                        line_asker *ask, struct text *out);

/* What parts the lines of an answer of several. */
struct span line_separator(const struct line *line);

/* Appends prefix and the request in upper case: UNKNOWN NAME and its like. */
void line_unknown(const struct line *line, struct span prefix, struct text *out);

#endif
