#include "formats/source.h"

#include "data/book.h"
#include "data/fold.h"
#include "data/utf8.h"

#include <string.h>

#define BYTE_ORDER_MARK SPAN("\xEF\xBB\xBF")

struct span source_without_mark(struct span first) {
    return span_starts(first, BYTE_ORDER_MARK) ? span_from(first, BYTE_ORDER_MARK.len) : first;
}

/* A name that starts with a mark cannot be written: plain_read drops the mark
 * if the line is the first. */
static struct span without_marks(struct span name) {
    struct span rest = fold_trim(name);
    while (span_starts(rest, BYTE_ORDER_MARK))
        rest = fold_trim(span_from(rest, BYTE_ORDER_MARK.len));
    return rest;
}

/* Removes the first line from rest, with its LF, CRLF or CR. Returns it without
 * the blanks around it. */
static struct span take_text_line(struct span *rest) {
    size_t len = 0;
    while (len < rest->len && rest->at[len] != '\n' && rest->at[len] != '\r')
        len++;
    struct span line = {rest->at, len};
    bool crlf = len + 1 < rest->len && rest->at[len] == '\r' && rest->at[len + 1] == '\n';
    *rest = span_from(*rest, len + (crlf ? 2 : len < rest->len));
    return fold_trim(line);
}

/* Puts joint between two lines, or a space after a line that ends in "," or ";".
 * What does not fit in out is too long for a name or an office anyway. */
static struct span join_lines(struct span s, struct span joint, struct text *out) {
    while (s.len > 0) {
        struct span line = take_text_line(&s);
        bool joined = out->len > 0 && strchr(",;", out->at[out->len - 1]) != NULL;
        if (line.len > 0 && out->len > 0)
            text_put(out, joined ? SPAN(" ") : joint);
        text_put(out, line);
    }
    return out->full ? (struct span){out->at, out->cap} : text_span(out);
}

static struct span in_one_line(struct span s, struct span joint, struct text *room) {
    s = fold_trim(s);
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] == '\n' || s.at[i] == '\r')
            return join_lines(s, joint, room);
    return s;
}

/* Returns a message about the first character that is not allowed, and its place,
 * counted from 1. */
static const char *text_fault(const char *noun, struct span s, char *what) {
    uint32_t point = 0;
    size_t used;
    for (size_t place = 1; s.len > 0; place++, s = span_from(s, used)) {
        used = utf8_decode(s, &point);
        if (used == 0) {
            snprintf(what, SOURCE_FAULT_MAX, "%s" SOURCE_NOT_UTF8, noun);
            return what;
        }
        if (utf8_is_plain((struct span){s.at, used}))
            continue;
        snprintf(what, SOURCE_FAULT_MAX, "%s has control character U+%04X as character %zu", noun,
                 (unsigned)point, place);
        return what;
    }
    return NULL;
}

static const char *clean_name_fault(struct span name, char *what) {
    if (name.len > BOOK_NAME_MAX)
        return "name longer than 1024 bytes";
    if (!utf8_is_plain(name))
        return text_fault("name", name, what);
    return fold_is_empty(name) ? "no name" : NULL;
}

static const char *clean_office_fault(struct span office, char *what) {
    if (office.len > BOOK_OFFICE_MAX)
        return "office longer than 1024 bytes";
    return utf8_is_plain(office) ? NULL : text_fault("office", office, what);
}

/* Name and office as the book will hold them, with buffers for joined lines. */
struct cleaned {
    char name_room[BOOK_NAME_MAX + 1];
    char office_room[BOOK_OFFICE_MAX + 1];
    struct entry entry;
};

static void clean_name(struct span name, struct cleaned *to) {
    struct text room = {.at = &to->name_room[0], .cap = sizeof(to->name_room)};
    to->entry.name = without_marks(in_one_line(without_marks(name), SPAN(" "), &room));
}

static void clean_office(struct span office, struct cleaned *to) {
    struct text room = {.at = &to->office_room[0], .cap = sizeof(to->office_room)};
    to->entry.office = in_one_line(office, SPAN(", "), &room);
}

const char *source_name_fault(struct span name, char *what) {
    struct cleaned clean;
    clean_name(name, &clean);
    return clean_name_fault(clean.entry.name, what);
}

const char *source_office_fault(struct span office, char *what) {
    struct cleaned clean;
    clean_office(office, &clean);
    return clean_office_fault(clean.entry.office, what);
}

int source_give(const struct source_events *to, const struct entry *entry) {
    char what[SOURCE_FAULT_MAX];
    struct cleaned clean = {.entry = *entry};
    clean_office(entry->office, &clean);
    if (clean.entry.office.len == 0)
        return to->on_skip(to->context, entry->line);
    clean_name(entry->name, &clean);
    const char *fault = clean_name_fault(clean.entry.name, what);
    if (fault == NULL)
        fault = clean_office_fault(clean.entry.office, what);
    if (fault != NULL)
        return to->on_error(to->context, entry->line, fault);
    return to->on_entry(to->context, &clean.entry);
}
