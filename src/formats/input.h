/* A source as its reader sees it: UTF-8, whatever the file has.
 *
 * A fault of the file, or a byte that its charset does not have, the reader
 * meets as an error of the stream, behind all that comes before it. Lines that
 * end in CR alone end in LF. */
#ifndef LOOKUP_INPUT_H
#define LOOKUP_INPUT_H

#include <iconv.h>
#include <stdbool.h>
#include <stdio.h>

enum {
    INPUT_ROOM = 16384,
    INPUT_CHARACTER_MAX = 16, /* no character takes more bytes in any charset */
};

/* Of all the bytes seen so far. */
struct utf8_watch {
    unsigned more; /* bytes that the last character lacks */
    bool high;     /* there are some beyond ASCII */
    bool broken;   /* not all of them are UTF-8 */
};

struct input {
    char buffer[64 * 1024]; /* of stream */
    FILE *stream;           /* what the reader reads */
    int fd;
    int error;           /* errno of what failed; EILSEQ: no character of the charset */
    bool converts;       /* else the file's bytes are taken as they are */
    bool at_end;         /* of the file */
    bool done;           /* all of it is ready */
    bool line_end_known; /* a line has ended */
    bool cr_ends;        /* lines do so in CR alone */
    bool after_cr;
    const char *charset; /* of the file, if it converts */
    const char *said;    /* that which the caller said, if it counts */
    const char *left;    /* that which the reader has to undo; NULL: UTF-8 */
    struct utf8_watch watch;
    iconv_t converter;
    unsigned long line; /* of what is converted next */
    size_t raw_len;     /* bytes not yet converted */
    size_t ready_at;    /* bytes converted and not yet taken: where, and how many */
    size_t ready_len;
    char raw[INPUT_ROOM];
    char ready[INPUT_ROOM + INPUT_CHARACTER_MAX]; /* and what follows a CR at its end */
};

/* Begins with the file fd, which stays the caller's. charset is one that there
 * is, or NULL, UTF-8; a byte order mark at the start of the file, of UTF-8, UTF-16
 * or UTF-32, says better. A reader that decodes has its bytes as they are, if the
 * charset lets it. 0; -1 errno. */
int input_open(struct input *in, int fd, const char *charset, bool reader_decodes);

/* True, at the end, of UTF-8 that was read as something else. */
bool input_looks_misread(const struct input *in);

/* What has failed; *line is where, or 0. The text is good until the next call. */
const char *input_fault(const struct input *in, unsigned long *line);
void input_close(struct input *in);

#endif
