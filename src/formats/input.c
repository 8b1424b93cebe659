#include "formats/input.h"

#include "formats/charset.h"

#include <errno.h>
#include <stdio_ext.h>
#include <string.h>
#include <strings.h>
#include <sys/types.h>
#include <unistd.h>

enum { MARK_MAX = 4 }; /* longest byte order mark, in bytes */

/* Byte order marks and their charsets. The UTF-8 mark is not dropped here:
 * readers skip it anyway, because concatenated files also have it in the
 * middle. */
static const struct mark {
    const char *charset;
    const char *bytes;
    size_t len;
    size_t dropped;
} marks[] = {
    {"UTF-32LE", "\xFF\xFE\0\0", 4, 4}, /* must precede UTF-16LE, whose mark is a prefix of it */
    {"UTF-32BE", "\0\0\xFE\xFF", 4, 4}, {"UTF-16LE", "\xFF\xFE", 2, 2},
    {"UTF-16BE", "\xFE\xFF", 2, 2},     {NULL, "\xEF\xBB\xBF", 3, 0},
};

static void watch_bytes(struct utf8_watch *watch, const char *at, size_t len) {
    for (size_t i = 0; i < len; i++) {
        unsigned char byte = (unsigned char)at[i];
        if (watch->more > 0) {
            watch->broken = watch->broken || (byte & 0xC0) != 0x80;
            watch->more--;
        } else if (byte >= 0x80) {
            watch->more = byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : 1;
            watch->broken = watch->broken || byte < 0xC2 || byte > 0xF4;
            watch->high = true;
        }
    }
}

static void input_read_raw(struct input *in) {
    char *to = in->raw + in->raw_len;
    ssize_t got = read(in->fd, to, sizeof(in->raw) - in->raw_len);
    if (got < 0)
        in->error = errno;
    in->at_end = got == 0;
    if (got <= 0)
        return;
    watch_bytes(&in->watch, to, (size_t)got);
    in->raw_len += (size_t)got;
}

/* Converts raw bytes and appends them to ready, up to cap bytes in total. */
static void input_convert(struct input *in, size_t cap) {
    char *from = in->raw;
    char *to = in->ready + in->ready_len;
    size_t room = cap - in->ready_len;
    bool last = in->raw_len == 0; /* then iconv writes what it has buffered */
    size_t result = iconv(in->converter, last ? NULL : &from, &in->raw_len, &to, &room);
    if (result == (size_t)-1 && (errno == EILSEQ || (errno == EINVAL && in->at_end)))
        in->error = EILSEQ;
    memmove(in->raw, from, in->raw_len);
    in->ready_len = (size_t)(to - in->ready);
    in->done = last && in->at_end;
}

static void input_copy(struct input *in, size_t cap) {
    size_t room = cap - in->ready_len;
    size_t len = in->raw_len < room ? in->raw_len : room;
    memcpy(in->ready + in->ready_len, in->raw, len);
    in->ready_len += len;
    in->raw_len -= len;
    memmove(in->raw, in->raw + len, in->raw_len);
    in->done = in->at_end && in->raw_len == 0;
}

static void input_append(struct input *in, size_t cap) {
    if (in->raw_len < INPUT_CHARACTER_MAX && !in->at_end)
        input_read_raw(in);
    if (in->error == 0 && in->converts)
        input_convert(in, cap);
    else if (in->error == 0)
        input_copy(in, cap);
}

/* The first line end decides: a CR without LF (classic Mac OS) means that CR
 * ends all lines of the file. Returns false if the byte after a CR is needed and
 * not yet there. */
static bool input_find_line_end(struct input *in) {
    const char *end = in->ready;
    const char *behind = in->ready + in->ready_len;
    while (end < behind && *end != '\n' && *end != '\r')
        end++;
    if (in->line_end_known || end == behind)
        return true;
    if (*end == '\r' && end + 1 == behind && !in->done)
        return false;
    in->line_end_known = true;
    in->cr_ends = *end == '\r' && (end + 1 == behind || end[1] != '\n');
    return true;
}

/* Replaces each CR, CRLF or LF in ready by LF. */
static void input_translate_ends(struct input *in) {
    size_t kept = 0;
    for (size_t i = 0; i < in->ready_len; i++) {
        char c = in->ready[i];
        bool second = c == '\n' && in->after_cr;
        in->after_cr = c == '\r';
        if (!second)
            in->ready[kept++] = in->after_cr ? '\n' : c;
    }
    in->ready_len = kept;
}

/* If ready ends in a CR, there must be room for one more character; otherwise
 * this loop would not end. */
static void input_fill(struct input *in) {
    in->ready_at = in->ready_len = 0;
    input_append(in, INPUT_ROOM);
    while (!input_find_line_end(in) && in->error == 0)
        input_append(in, sizeof(in->ready));
    if (in->cr_ends)
        input_translate_ends(in);
    for (size_t i = 0; in->converts && i < in->ready_len; i++)
        in->line += in->ready[i] == '\n';
}

/* The stream's read function, as fopencookie(3) wants it. */
static ssize_t input_take(void *cookie, char *to, size_t room) {
    struct input *in = cookie;
    while (in->ready_len == 0 && !in->done && in->error == 0)
        input_fill(in);
    if (in->ready_len == 0) {
        errno = in->error;
        return in->error != 0 ? -1 : 0;
    }
    size_t len = in->ready_len < room ? in->ready_len : room;
    memcpy(to, in->ready + in->ready_at, len);
    in->ready_at += len;
    in->ready_len -= len;
    return (ssize_t)len;
}

static const struct mark *input_find_mark(const struct input *in) {
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
        if (in->raw_len >= marks[i].len && memcmp(in->raw, marks[i].bytes, marks[i].len) == 0)
            return &marks[i];
    return NULL;
}

/* Returns the charset to convert from, or NULL for no conversion. */
static const char *input_choose_charset(struct input *in, const char *charset,
                                        bool reader_decodes) {
    while (in->raw_len < MARK_MAX && !in->at_end && in->error == 0)
        input_read_raw(in);
    const struct mark *mark = input_find_mark(in);
    if (mark != NULL) {
        in->raw_len -= mark->dropped;
        memmove(in->raw, in->raw + mark->dropped, in->raw_len);
        return mark->charset;
    }
    in->said = charset;
    if (charset == NULL || !reader_decodes || !charset_keeps_ascii(charset))
        return charset;
    in->left = charset;
    return NULL;
}

int input_open(struct input *in, int fd, const char *charset, bool reader_decodes) {
    static const cookie_io_functions_t functions = {.read = input_take};
    *in = (struct input){.fd = fd, .line = 1};
    in->charset = input_choose_charset(in, charset, reader_decodes);
    in->converts = in->charset != NULL;
    if (in->converts) {
        in->converter = iconv_open("UTF-8", in->charset);
        in->converts = !charset_failed(in->converter);
        if (!in->converts)
            return -1;
    }
    in->stream = fopencookie(in, "r", functions);
    if (in->stream != NULL) /* there is one thread, so a lock for each line is wasted time */
        __fsetlocking(in->stream, FSETLOCKING_BYCALLER);
    if (in->stream != NULL && setvbuf(in->stream, in->buffer, _IOFBF, sizeof(in->buffer)) == 0)
        return 0;
    int why = errno;
    input_close(in);
    errno = why;
    return -1;
}

bool input_looks_misread(const struct input *in) {
    bool other =
        in->said != NULL && strcasecmp(in->said, "UTF-8") != 0 && strcasecmp(in->said, "UTF8") != 0;
    return other && in->watch.high && !in->watch.broken && in->watch.more == 0;
}

const char *input_fault(const struct input *in, unsigned long *line) {
    static char what[128];
    *line = 0;
    if (in->error != EILSEQ)
        return strerror(in->error);
    *line = in->line;
    snprintf(what, sizeof(what), "byte 0x%02X is not valid in %.80s", (unsigned char)in->raw[0],
             in->charset);
    return what;
}

void input_close(struct input *in) {
    if (in->stream != NULL)
        fclose(in->stream);
    if (in->converts)
        iconv_close(in->converter);
}
