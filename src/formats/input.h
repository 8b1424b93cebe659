/* A source file as a stream of UTF-8 text, whatever charset the file has.
 *
 * A read error, or a byte sequence that is invalid in the file's charset,
 * becomes a read error of the stream, after all the text that precedes it. If
 * lines end in CR alone, each CR becomes LF. */
#ifndef LOOKUP_INPUT_H
#define LOOKUP_INPUT_H

#include <iconv.h>
#include <stdbool.h>
#include <stdio.h>

enum {
    INPUT_ROOM = 16384,
    INPUT_CHARACTER_MAX = 16, /* no charset has longer characters */
};

/* Tells whether all bytes read so far look like UTF-8. Takes surrogates and some
 * overlong forms for valid: text in another charset hardly consists of these. */
struct utf8_watch {
    unsigned more; /* bytes still missing from the last character */
    bool high;     /* some byte is not ASCII */
    bool broken;   /* some byte is not UTF-8 */
};

struct input {
    char buffer[64 * 1024]; /* buffer of stream */
    FILE *stream;           /* what the reader reads */
    int fd;
    int error;           /* errno of the failure, else 0; EILSEQ: bytes invalid in the charset */
    bool converts;       /* false: the file's bytes are passed on unchanged */
    bool at_end;         /* end of file was reached */
    bool done;           /* nothing is left to convert */
    bool line_end_known; /* the first line end was seen */
    bool cr_ends;        /* lines end in CR alone */
    bool after_cr;       /* the last byte was CR, so a LF that follows belongs to it */
    const char *charset; /* charset of the file, if converts is true */
    const char *said;    /* charset from the caller; NULL if a byte order mark overrides it */
    const char *left;    /* charset that the reader must decode; NULL: UTF-8 */
    struct utf8_watch watch;
    iconv_t converter;
    unsigned long line; /* number of the line that is converted next */
    size_t raw_len;     /* bytes not yet converted */
    size_t ready_at;    /* bytes converted and not yet read: offset and count */
    size_t ready_len;
    char raw[INPUT_ROOM];
    char ready[INPUT_ROOM + INPUT_CHARACTER_MAX]; /* with room for the character after a last CR */
};

/* Opens a stream of UTF-8 text on the file fd, which must stay open until
 * input_close; that does not close it. charset is a known one
 * (charset_is_known), or NULL for UTF-8. A byte order mark of UTF-8, UTF-16 or
 * UTF-32 at the start of the file overrides it. If reader_decodes and
 * charset_keeps_ascii(charset), the bytes are not converted, and in->left names
 * the charset for the reader. Returns 0, or -1 with errno. */
int input_open(struct input *in, int fd, const char *charset, bool reader_decodes);

/* Returns true if the caller gave a charset other than UTF-8, and no byte order
 * mark overrode it, but the file looks like UTF-8 and is not only ASCII. Call it
 * at end of file. */
bool input_looks_misread(const struct input *in);

/* Returns a message for in->error. Sets *line to the line of the failure, or to
 * 0 if there is none. The message is valid until the next call. */
const char *input_fault(const struct input *in, unsigned long *line);
void input_close(struct input *in);

#endif
