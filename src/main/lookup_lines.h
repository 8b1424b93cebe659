/* The lines of standard input, as they come: reading never waits. */
#ifndef LOOKUP_CLIENT_LINES_H
#define LOOKUP_CLIENT_LINES_H

#include "data/bytes.h"

#include <stdbool.h>

struct lines {
    int fd;
    int error; /* errno: why it ended before its end; 0: it did not */
    bool ended;
    char *at;
    size_t len, cap;
    size_t taken;  /* bytes of lines that were given */
    size_t looked; /* bytes that have no further line end in them */
};

/* 1 and the next line, without LF or CRLF, valid until the next call; 0: none is there yet; -1:
 * none will come, after the end or a line of -1. */
int lines_next(struct lines *lines, struct span *line);

void lines_free(struct lines *lines);

#endif
