#include "data/book.h"
#include "data/fold.h"
#include "formats/output.h"
#include "formats/source.h"
#include "formats/unfold.h"

#include <errno.h>
#include <string.h>

static bool is_escape(struct span s) {
    return s.len > 1 && s.at[0] == '\\' && strchr("\\=#", s.at[1]) != NULL && s.at[1] != '\0';
}

/* Returns the offset of the "=" after the name, or line.len if there is none. */
static size_t find_split(struct span line) {
    size_t at = 0;
    while (at < line.len && line.at[at] != '=')
        at += is_escape(span_from(line, at)) ? 2 : 1;
    return at;
}

/* What does not fit in out is too long for a name anyway. */
static struct span unescape(struct span name, struct text *out) {
    while (name.len > 0) {
        size_t skip = is_escape(name);
        text_put(out, (struct span){name.at + skip, 1});
        name = span_from(name, skip + 1);
    }
    return out->full ? (struct span){out->at, out->cap} : text_span(out);
}

static int plain_take_line(const struct unfolded_lines *lines, const struct source_events *to) {
    char bytes[2 * BOOK_NAME_MAX];
    struct text unescaped = {.at = bytes, .cap = sizeof(bytes)};
    unsigned long number = lines->number;
    struct span line = text_span(&lines->line);
    struct span content = fold_trim(line);
    if (content.len > 0 && content.at[0] == '#')
        return 0;
    if (lines->line.full)
        return to->on_error(to->context, number, "a line longer than 16 MiB");
    if (content.len == 0)
        return 0;
    size_t at = find_split(line);
    if (at == line.len)
        return to->on_error(to->context, number, "no \"=\" between name and office");
    struct span name = fold_trim((struct span){line.at, at});
    bool escaped = name.len > 0 && memchr(name.at, '\\', name.len) != NULL;
    struct entry entry = {escaped ? unescape(name, &unescaped) : name, span_from(line, at + 1),
                          number};
    return source_give(to, &entry);
}

/* Writes a backslash before each character that plain_read would interpret. */
static void plain_write_name(FILE *to, struct span name, bool terminal) {
    if (span_starts(name, SPAN("#")))
        putc('\\', to);
    for (size_t i = 0; i < name.len; i++) {
        size_t len = 0;
        while (i + len < name.len && name.at[i + len] != '=' && name.at[i + len] != '\\')
            len++;
        output_put(to, (struct span){name.at + i, len}, terminal);
        i += len;
        if (i < name.len && (name.at[i] == '=' || is_escape(span_from(name, i))))
            putc('\\', to);
        if (i < name.len)
            putc(name.at[i], to);
    }
}

void plain_write(FILE *to, struct span name, struct span office, bool terminal) {
    plain_write_name(to, name, terminal);
    fputs(" = ", to);
    output_put(to, office, terminal);
    putc('\n', to);
}

int plain_read(FILE *source, const struct source_options *how, const struct source_events *to) {
    struct unfolded_lines lines = {.source = source};
    int more = -1;
    int result = 0;
    (void)how;
    while (result == 0 && (more = unfold_next(&lines)) > 0)
        result = plain_take_line(&lines, to);
    if (result == 0)
        result = more;
    int why = errno;
    unfold_free(&lines);
    errno = why;
    return result;
}
