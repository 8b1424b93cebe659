#include "formats/source.h"

#include "data/book.h"
#include "data/fold.h"
#include "data/utf8.h"

#include <string.h>

#define BYTE_ORDER_MARK SPAN("\xEF\xBB\xBF")

struct span source_without_mark(struct span first) {
    return span_starts(first, BYTE_ORDER_MARK) ? span_from(first, BYTE_ORDER_MARK.len) : first;
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

const char *source_name_fault(struct span name) {
    name = without_marks(name);
    if (name.len > BOOK_NAME_MAX)
        return "name longer than 1024 bytes";
    if (!utf8_is_plain(name))
        return "name is not plain UTF-8 text";
    if (fold_is_empty(name))
        return "no name";
    /* No source in the plain format, as list prints it, can have such a name. */
    if (memchr(name.at, '=', name.len) != NULL)
        return "name with a \"=\" in it";
    return name.at[0] == '#' ? "name that starts with \"#\"" : NULL;
}

/* The office as it will stand in the book; room is where a joined one is put. */
static struct span clean_office(struct span office, struct text *room) {
    office = fold_trim(office);
    bool several = office.len > 0 && memchr(office.at, '\n', office.len) != NULL;
    return several ? join_lines(office, room) : office;
}

static const char *clean_office_fault(struct span office) {
    if (office.len > BOOK_OFFICE_MAX)
        return "office longer than 1024 bytes";
    if (!utf8_is_plain(office))
        return "office is not plain UTF-8 text";
    return office.len == 0 ? "no office" : NULL;
}

const char *source_office_fault(struct span office) {
    char bytes[BOOK_OFFICE_MAX + 1];
    struct text room = {.at = bytes, .cap = sizeof(bytes)};
    return clean_office_fault(clean_office(office, &room));
}

int source_give(const struct source_events *to, const struct entry *entry) {
    char bytes[BOOK_OFFICE_MAX + 1];
    struct text room = {.at = bytes, .cap = sizeof(bytes)};
    struct entry clean = *entry;
    clean.name = without_marks(entry->name);
    clean.office = clean_office(entry->office, &room);
    const char *fault = source_name_fault(clean.name);
    if (fault == NULL)
        fault = clean_office_fault(clean.office);
    if (fault != NULL)
        return to->on_error(to->context, clean.line, fault);
    return to->on_entry(to->context, &clean);
}
