/* Reads lines of standard input without blocking. */
#ifndef LOOKUP_CLIENT_LINES_H
#define LOOKUP_CLIENT_LINES_H

#include "data/bytes.h"

#include <stdbool.h>

struct lines {
    int fd;
    int error; /* errno of a failed read, EMSGSIZE if a line is longer than 1 MiB; 0: none */
    bool ended;
    bool begun; /* the first line has been returned */
    char *at;
    size_t len, cap;
    size_t taken;  /* bytes of lines already returned */
    size_t looked; /* bytes already searched for a line end */
};

/* Returns 1 and the next line, without LF or CRLF, valid until the next call; 0 if none
 * is available yet; -1 after the last one, or after a line "-1", which may have blanks around
 * it. Skips a byte order mark before the first line, which editors for Windows write. */
int lines_next(struct lines *lines, struct span *line);

void lines_free(struct lines *lines);

#endif
