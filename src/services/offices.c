#include "services/offices.h"

#include "data/fold.h"

#include <string.h>

int offices_find(struct span name, const struct book *book, struct span separator,
                 struct text *out) {
    char folded[OFFICES_NAME_MAX * FOLD_GROWTH];
    struct text key = {.at = folded, .cap = sizeof(folded)};
    if (book == NULL)
        return -1;
    fold_name(name, &key); /* cannot fail: name is plain, key has room */
    int found = book_find(book, text_span(&key), separator, out);
    return found == 0 ? book_find_word(book, text_span(&key), separator, out) : found;
}

/* Between the name and the office in a line about one who might be meant. */
static const char *offices_colon(struct span line) {
    return memmem(line.at, line.len, ": ", 2);
}

/* Of the line "and 3 more" the 3, else nothing. */
static struct span offices_rest(struct span line) {
    struct span before = SPAN("and ");
    struct span after = SPAN(" more");
    if (line.len <= before.len + after.len || !span_starts(line, before) ||
        !span_equal(span_from(line, line.len - after.len), after))
        return SPAN("");
    struct span count = {line.at + before.len, line.len - before.len - after.len};
    for (size_t i = 0; i < count.len; i++)
        if (count.at[i] < '0' || count.at[i] > '9')
            return SPAN("");
    return count;
}

bool offices_are_matches(struct span lines) {
    struct offices_line line;
    return offices_next(&lines, true, &line) && line.name.len > 0;
}

bool offices_next(struct span *lines, bool matches, struct offices_line *line) {
    if (lines->len == 0)
        return false;
    const char *end = memchr(lines->at, '\n', lines->len);
    struct span whole = {lines->at, end == NULL ? lines->len : (size_t)(end - lines->at)};
    *lines = span_from(*lines, end == NULL ? lines->len : whole.len + 1);
    const char *colon = matches ? offices_colon(whole) : NULL;
    *line = (struct offices_line){.office = whole};
    if (colon != NULL) {
        line->name = (struct span){whole.at, (size_t)(colon - whole.at)};
        line->office = span_from(whole, line->name.len + 2);
    } else if (matches && offices_rest(whole).len > 0) {
        line->office = offices_rest(whole);
        line->is_rest = true;
    }
    return true;
}

static void offices_put_text(const struct offices *offices, struct text *out) {
    if (offices->status == 200) {
        text_put(out, offices->lines);
    } else if (offices->status == 404) {
        text_put(out, SPAN("UNKNOWN NAME: "));
        fold_upper(offices->name, out); /* cannot fail: name is plain, out has room */
    } else {
        text_put(out, SPAN("ERROR: "));
        text_put(out, offices->error);
    }
    text_put(out, SPAN("\n"));
}

/* A string of JSON (RFC 8259, section 7); of the control characters plain text has
 * but the tab. */
static void json_put(struct span s, struct text *out) {
    text_put(out, SPAN("\""));
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] == '"' || s.at[i] == '\\')
            text_put(out, SPAN("\\"));
        text_put(out, s.at[i] == '\t' ? SPAN("\\t") : (struct span){s.at + i, 1});
    }
    text_put(out, SPAN("\""));
}

static void json_put_match(const struct offices_line *line, struct text *out) {
    text_put(out, SPAN("{\"name\":"));
    json_put(line->name, out);
    text_put(out, SPAN(",\"office\":"));
    json_put(line->office, out);
    text_put(out, SPAN("}"));
}

static void json_put_lines(struct span lines, struct text *out) {
    bool matches = offices_are_matches(lines);
    struct span more = SPAN("");
    struct span separator = SPAN("");
    struct offices_line line;
    text_put(out, matches ? SPAN(",\"matches\":[") : SPAN(",\"offices\":["));
    while (offices_next(&lines, matches, &line)) {
        if (line.is_rest) {
            more = line.office;
            continue;
        }
        text_put(out, separator);
        separator = SPAN(",");
        if (matches)
            json_put_match(&line, out);
        else
            json_put(line.office, out);
    }
    text_put(out, SPAN("]"));
    if (more.len > 0) {
        text_put(out, SPAN(",\"more\":"));
        text_put(out, more);
    }
}

static void offices_put_json(const struct offices *offices, struct text *out) {
    text_put(out, SPAN("{"));
    if (offices->name.len > 0) {
        text_put(out, SPAN("\"name\":"));
        json_put(offices->name, out);
        text_put(out, SPAN(","));
    }
    if (offices->status == 200) {
        text_put(out, SPAN("\"found\":true"));
        json_put_lines(offices->lines, out);
    } else {
        text_put(out, SPAN("\"found\":false"));
    }
    if (offices->error.len > 0) {
        text_put(out, SPAN(",\"error\":"));
        json_put(offices->error, out);
    }
    text_put(out, SPAN("}\n"));
}

void offices_put(const struct offices *offices, enum media media, struct text *out) {
    switch (media) {
    case MEDIA_HTML: offices_put_page(offices, out); break;
    case MEDIA_JSON: offices_put_json(offices, out); break;
    default: offices_put_text(offices, out);
    }
}
