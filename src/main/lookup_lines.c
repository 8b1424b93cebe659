#include "main/lookup_lines.h"

#include "data/fold.h"
#include "net/deadline.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    LINES_CHUNK = 64 * 1024,
    LINE_LONGEST = 1024 * 1024, /* of a name's at most 1024 bytes; else memory has no limit */
};

/* Makes room for more. Returns false with errno. */
static bool lines_make_room(struct lines *lines) {
    lines->len -= lines->taken;
    lines->looked -= lines->taken;
    if (lines->taken > 0)
        memmove(lines->at, lines->at + lines->taken, lines->len);
    lines->taken = 0;
    if (lines->cap - lines->len >= LINES_CHUNK)
        return true;
    char *at = realloc(lines->at, lines->cap * 2 + LINES_CHUNK);
    if (at == NULL)
        return false;
    lines->at = at;
    lines->cap = lines->cap * 2 + LINES_CHUNK;
    return true;
}

/* Reads what is available. Returns false if that is nothing yet. */
static bool lines_read(struct lines *lines) {
    if (deadline_wait(lines->fd, POLLIN, 0) == 0)
        return false;
    ssize_t got = lines_make_room(lines)
                      ? read(lines->fd, lines->at + lines->len, lines->cap - lines->len)
                      : -1;
    if (got < 0 && (errno == EINTR || errno == EAGAIN))
        return false;
    if (got < 0)
        lines->error = errno;
    lines->ended = got <= 0;
    lines->len += got > 0 ? (size_t)got : 0;
    return true;
}

static struct span line_without_mark(struct span line) {
    struct span mark = SPAN("\xEF\xBB\xBF");
    return span_starts(line, mark) ? span_from(line, mark.len) : line;
}

/* Gives the line; the bytes up to len are the line and its end. */
static int lines_give(struct lines *lines, size_t end, size_t len, struct span *line) {
    *line = (struct span){lines->at + lines->taken, end - lines->taken};
    if (!lines->begun)
        *line = line_without_mark(*line);
    lines->begun = true;
    lines->taken = lines->looked = len;
    if (line->len > 0 && line->at[line->len - 1] == '\r')
        line->len--;
    if (!span_equal(fold_trim(*line), SPAN("-1")))
        return 1;
    lines->ended = true;
    lines->taken = lines->looked = lines->len;
    return -1;
}

/* A mark alone is no line. */
static int lines_give_last(struct lines *lines, struct span *line) {
    struct span rest = {lines->at + lines->taken, lines->len - lines->taken};
    bool is_mark = !lines->begun && line_without_mark(rest).len == 0;
    int given = lines_give(lines, lines->len, lines->len, line);
    return is_mark ? -1 : given;
}

static int lines_give_up(struct lines *lines) {
    lines->error = EMSGSIZE;
    lines->ended = true;
    lines->taken = lines->looked = lines->len;
    return -1;
}

int lines_next(struct lines *lines, struct span *line) {
    for (;;) {
        size_t left = lines->len - lines->looked;
        char *found = left > 0 ? memchr(lines->at + lines->looked, '\n', left) : NULL;
        size_t end = found == NULL ? lines->len : (size_t)(found - lines->at);
        if (end - lines->taken > LINE_LONGEST)
            return lines_give_up(lines);
        if (found != NULL)
            return lines_give(lines, end, end + 1, line);
        lines->looked = lines->len;
        if (lines->ended && lines->taken == lines->len)
            return -1;
        if (lines->ended)
            return lines_give_last(lines, line);
        if (!lines_read(lines))
            return 0;
    }
}

void lines_free(struct lines *lines) {
    free(lines->at);
}
