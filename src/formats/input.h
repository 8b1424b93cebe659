/* A source as its reader sees it: UTF-8, whatever the file has.
 *
 * A fault of the file, or a byte that its charset does not have, the reader
 * meets as an error of the stream, behind all that comes before it. */
#ifndef LOOKUP_INPUT_H
#define LOOKUP_INPUT_H

#include <iconv.h>
#include <stdbool.h>
#include <stdio.h>

enum { INPUT_ROOM = 16384 };

struct input {
    char buffer[64 * 1024]; /* of stream */
    FILE *stream;           /* what the reader reads */
    int fd;
    int error;           /* errno of what failed; EILSEQ: no character of the charset */
    bool converts;       /* else the file's bytes are taken as they are */
    bool at_end;         /* of the file */
    const char *charset; /* of the file, if it converts */
    iconv_t converter;
    unsigned long line; /* of what is converted next */
    size_t raw_len;     /* bytes not yet converted */
    size_t ready_at;    /* bytes converted and not yet taken: where, and how many */
    size_t ready_len;
    char raw[INPUT_ROOM];
    char ready[INPUT_ROOM];
};

/* Begins with the file fd, which stays the caller's. charset is one that there
 * is, or NULL: the file's bytes are taken as they are; so they are if the file starts with the byte
 * order mark of UTF-8. 0; -1 errno. */
int input_open(struct input *in, int fd, const char *charset);

/* What has failed; *line is where, or 0. The text is good until the next call. */
const char *input_fault(const struct input *in, unsigned long *line);
void input_close(struct input *in);

#endif
