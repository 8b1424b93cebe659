#include "data/fold.h"
#include "formats/source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

static struct span plain_without_end(struct span line) {
    while (line.len > 0 && (line.at[line.len - 1] == '\n' || line.at[line.len - 1] == '\r'))
        line.len--;
    return line;
}

static int plain_take_line(struct span line, unsigned long number, const struct source_events *to) {
    struct span content = fold_trim(line);
    if (content.len == 0 || content.at[0] == '#')
        return 0;
    const char *split = memchr(line.at, '=', line.len);
    if (split == NULL)
        return to->on_error(to->context, number, "no \"=\" between name and office");
    size_t at = (size_t)(split - line.at);
    struct entry entry = {{line.at, at}, span_from(line, at + 1), number};
    return source_give(to, &entry);
}

int plain_read(FILE *source, const struct source_options *how, const struct source_events *to) {
    char *line = NULL;
    size_t room = 0;
    ssize_t len;
    unsigned long number = 0;
    int result = 0;
    (void)how;
    while (result == 0 && (errno = 0, len = getline(&line, &room, source)) >= 0) {
        struct span whole = {line, (size_t)len};
        if (++number == 1)
            whole = source_without_mark(whole);
        result = plain_take_line(plain_without_end(whole), number, to);
    }
    if (result == 0 && !feof(source))
        result = -1;
    int why = errno;
    free(line);
    errno = why;
    return result;
}
