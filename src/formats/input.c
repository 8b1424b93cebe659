#include "formats/input.h"

#include <errno.h>
#include <stdint.h>
#include <stdio_ext.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static const char mark[] = "\xEF\xBB\xBF";

enum {
    MARK_LEN = sizeof(mark) - 1,
    CHARACTER_MAX = 16, /* no character takes more bytes in any charset */
};

static bool input_failed(iconv_t converter) {
    return (intptr_t)converter == -1;
}

static void read_raw(struct input *in) {
    ssize_t got = read(in->fd, in->raw + in->raw_len, sizeof(in->raw) - in->raw_len);
    if (got < 0)
        in->error = errno;
    else if (got == 0)
        in->at_end = true;
    else
        in->raw_len += (size_t)got;
}

static void input_convert(struct input *in) {
    char *from = in->raw;
    char *to = in->ready;
    size_t room = sizeof(in->ready);
    bool last = in->raw_len == 0; /* then what the converter has kept back comes */
    size_t result = iconv(in->converter, last ? NULL : &from, &in->raw_len, &to, &room);
    if (result == (size_t)-1 && (errno == EILSEQ || (errno == EINVAL && in->at_end)))
        in->error = EILSEQ;
    memmove(in->raw, from, in->raw_len);
    in->ready_at = 0;
    in->ready_len = (size_t)(to - in->ready);
    for (size_t i = 0; i < in->ready_len; i++)
        in->line += in->ready[i] == '\n';
}

static ssize_t take_ready(struct input *in, char *to, size_t room) {
    size_t len = in->ready_len < room ? in->ready_len : room;
    memcpy(to, in->ready + in->ready_at, len);
    in->ready_at += len;
    in->ready_len -= len;
    return (ssize_t)len;
}

/* What read(2) is for a file. */
static ssize_t take(void *cookie, char *to, size_t room) {
    struct input *in = cookie;
    while (in->ready_len == 0 && in->converts && in->error == 0) {
        if (in->raw_len < CHARACTER_MAX && !in->at_end)
            read_raw(in);
        input_convert(in);
        if (in->at_end && in->raw_len == 0)
            break;
    }
    if (in->ready_len > 0)
        return take_ready(in, to, room);
    ssize_t got = in->converts ? 0 : read(in->fd, to, room);
    if (got < 0)
        in->error = errno;
    errno = in->error;
    return in->error != 0 ? -1 : got;
}

/* Without a converter, what was read to find the mark is given first. */
static int start_converting(struct input *in) {
    while (in->raw_len < MARK_LEN && !in->at_end && in->error == 0)
        read_raw(in);
    in->converts = in->raw_len < MARK_LEN || memcmp(in->raw, mark, MARK_LEN) != 0;
    if (!in->converts) {
        memcpy(in->ready, in->raw, in->raw_len);
        in->ready_len = in->raw_len;
        return 0;
    }
    in->converter = iconv_open("UTF-8", in->charset);
    return input_failed(in->converter) ? -1 : 0;
}

int input_open(struct input *in, int fd, const char *charset) {
    static const cookie_io_functions_t functions = {.read = take};
    *in = (struct input){.charset = charset, .line = 1};
    in->fd = fd;
    in->stream = fopencookie(in, "r", functions);
    if (in->stream != NULL) /* there is one thread: a lock a line would be for nothing */
        __fsetlocking(in->stream, FSETLOCKING_BYCALLER);
    if (in->stream != NULL && setvbuf(in->stream, in->buffer, _IOFBF, sizeof(in->buffer)) == 0 &&
        (charset == NULL || start_converting(in) == 0))
        return 0;
    int why = errno;
    input_close(in);
    errno = why;
    return -1;
}

const char *input_fault(const struct input *in, unsigned long *line) {
    static char what[128];
    *line = 0;
    if (in->error != EILSEQ)
        return strerror(in->error);
    *line = in->line;
    snprintf(what, sizeof(what), "no character of %.80s: byte 0x%02X", in->charset,
             (unsigned char)in->raw[0]);
    return what;
}

void input_close(struct input *in) {
    if (in->stream != NULL)
        fclose(in->stream);
    if (in->converts && !input_failed(in->converter))
        iconv_close(in->converter);
}
