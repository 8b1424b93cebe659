#include "import/source.h"

#include "data/book.h"
#include "data/fold.h"
#include "data/utf8.h"

#include <string.h>

#define BYTE_ORDER_MARK SPAN("\xEF\xBB\xBF")

struct span source_without_mark(struct span first) {
    return span_starts(first, BYTE_ORDER_MARK) ? span_from(first, BYTE_ORDER_MARK.len) : first;
}

/* What is wrong with an entry that no book can hold, or NULL. */
static const char *fault_of(const struct entry *entry) {
    if (entry->name.len > BOOK_NAME_MAX)
        return "name longer than 1024 bytes";
    if (entry->office.len > BOOK_OFFICE_MAX)
        return "office longer than 1024 bytes";
    if (!utf8_is_plain(entry->name))
        return "name is not plain UTF-8 text";
    if (!utf8_is_plain(entry->office))
        return "office is not plain UTF-8 text";
    if (fold_is_empty(entry->name))
        return "no name";
    if (entry->office.len == 0)
        return "no office";
    /* No source in the plain format, as list prints it, can have such a name. */
    if (memchr(entry->name.at, '=', entry->name.len) != NULL)
        return "name with a \"=\" in it";
    if (entry->name.at[0] == '#')
        return "name that starts with \"#\"";
    return NULL;
}

/* At the start of a line it would be dropped, when the line is the first. */
static struct span without_marks(struct span name) {
    struct span rest = fold_trim(name);
    while (span_starts(rest, BYTE_ORDER_MARK))
        rest = fold_trim(span_from(rest, BYTE_ORDER_MARK.len));
    return rest;
}

static void add_line(struct span line, struct text *out) {
    while (line.len > 0 && line.at[line.len - 1] == '\r')
        line.len--;
    line = fold_trim(line);
    if (line.len > 0 && out->len > 0)
        text_put(out, SPAN(", "));
    text_put(out, line);
}

/* What does not fit in out is longer than an office can be anyway. */
static struct span join_lines(struct span office, struct text *out) {
    const char *end;
    while (office.len > 0 && (end = memchr(office.at, '\n', office.len)) != NULL) {
        size_t len = (size_t)(end - office.at);
        add_line((struct span){office.at, len}, out);
        office = span_from(office, len + 1);
    }
    add_line(office, out);
    return out->full ? (struct span){out->at, out->cap} : text_span(out);
}

int source_give(const struct taker *to, const struct entry *entry) {
    char room[BOOK_OFFICE_MAX + 1];
    struct text office = {.at = room, .cap = sizeof(room)};
    struct entry clean = *entry;
    clean.name = without_marks(entry->name);
    clean.office = fold_trim(entry->office);
    if (clean.office.len > 0 && memchr(clean.office.at, '\n', clean.office.len) != NULL)
        clean.office = join_lines(clean.office, &office);
    const char *fault = fault_of(&clean);
    if (fault != NULL)
        return to->problem(to->context, clean.line, fault);
    return to->entry(to->context, &clean);
}
