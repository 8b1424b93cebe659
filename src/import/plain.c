#include "data/fold.h"
#include "import/source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

/* The line without its end, and without the mark some editors put first. */
static struct span strip(struct span line, bool first) {
    static const char mark[] = "\xEF\xBB\xBF";
    if (first && line.len >= 3 && memcmp(line.at, mark, 3) == 0)
        line = span_from(line, 3);
    while (line.len > 0 && (line.at[line.len - 1] == '\n' || line.at[line.len - 1] == '\r'))
        line.len--;
    return line;
}

static int take_line(struct span line, entry_taker *take, void *context,
                     struct complaint *complaint) {
    struct span content = fold_trim(line);
    if (content.len == 0 || content.at[0] == '#')
        return 0;
    const char *split = memchr(line.at, '=', line.len);
    complaint->what = "no \"=\" between name and office";
    if (split == NULL)
        return -1;
    size_t at = (size_t)(split - line.at);
    struct entry entry = {.line = complaint->line};
    entry.name = fold_trim((struct span){line.at, at});
    entry.office = fold_trim(span_from(line, at + 1));
    complaint->what = entry_fault(&entry);
    if (complaint->what != NULL)
        return -1;
    return take(context, &entry);
}

int plain_read(FILE *source, entry_taker *take, void *context, struct complaint *complaint) {
    char *line = NULL;
    size_t room = 0;
    ssize_t len;
    int result = 0;
    *complaint = (struct complaint){0, NULL};
    while (result == 0 && (errno = 0, len = getline(&line, &room, source)) >= 0) {
        complaint->line++;
        struct span whole = {line, (size_t)len};
        result = take_line(strip(whole, complaint->line == 1), take, context, complaint);
    }
    if (result == 0 && ferror(source)) {
        *complaint = (struct complaint){0, strerror(errno)};
        result = -1;
    }
    free(line);
    return result;
}
