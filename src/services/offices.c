#include "services/offices.h"

#include "data/fold.h"
#include "data/search.h"

#include <string.h>

int offices_find(struct span name, const struct book *book, struct span separator,
                 struct text *out) {
    char folded[OFFICES_NAME_MAX * FOLD_GROWTH];
    struct text key = {.at = folded, .cap = sizeof(folded)};
    if (book == NULL)
        return -1;
    fold_name(name, &key); /* cannot fail: name is plain, and key has room */
    int found = book_find(book, text_span(&key), separator, out);
    if (found != 0)
        return found;
    found = search_words(book, text_span(&key), separator, out);
    return found > 0 ? 2 : found;
}

static struct span offices_take_line(struct span *rest) {
    const char *end = memchr(rest->at, '\n', rest->len);
    struct span line = {rest->at, end == NULL ? rest->len : (size_t)(end - rest->at)};
    *rest = span_from(*rest, end == NULL ? rest->len : line.len + 1);
    return line;
}

static bool offices_has(const struct book *book, struct span name, struct span office) {
    char folded[OFFICES_NAME_MAX * FOLD_GROWTH];
    char bytes[BOOK_OFFICES_MAX + BOOK_OFFICE_MAX + 1];
    struct text key = {.at = folded, .cap = sizeof(folded)};
    struct text all = {.at = bytes, .cap = sizeof(bytes)};
    if (name.len > OFFICES_NAME_MAX || fold_name(name, &key) < 0 ||
        book_find(book, text_span(&key), SPAN("\n"), &all) <= 0)
        return false;
    for (struct span rest = text_span(&all); rest.len > 0;)
        if (span_equal(offices_take_line(&rest), office))
            return true;
    return false;
}

/* Splits a line such as "John Smith: C45" at the colon that separates a name of the
 * book from an office of that name. */
static bool offices_split(const struct book *book, struct span whole, struct offices_line *line) {
    struct span colon = SPAN(": ");
    for (size_t i = 1; i + colon.len < whole.len; i++) {
        struct span name = {whole.at, i};
        struct span office = span_from(whole, i + colon.len);
        if (!span_starts(span_from(whole, i), colon) || !offices_has(book, name, office))
            continue;
        line->name = name;
        line->office = office;
        return true;
    }
    return false;
}

/* True for the line "and 3 more" (*count is "3") or "and more" (*count is empty). */
static bool offices_is_rest(struct span line, struct span *count) {
    struct span before = SPAN("and ");
    struct span after = SPAN(" more");
    *count = SPAN("");
    if (span_equal(line, SPAN("and more")))
        return true;
    if (line.len <= before.len + after.len || !span_starts(line, before) ||
        !span_equal(span_from(line, line.len - after.len), after))
        return false;
    *count = (struct span){line.at + before.len, line.len - before.len - after.len};
    for (size_t i = 0; i < count->len; i++)
        if (count->at[i] < '0' || count->at[i] > '9')
            return false;
    return true;
}

bool offices_next(const struct offices *offices, struct span *rest, struct offices_line *line) {
    if (rest->len == 0)
        return false;
    bool first = rest->at == offices->lines.at;
    struct span whole = offices_take_line(rest);
    *line = (struct offices_line){.office = whole};
    if (!offices->by_part || offices_split(offices->book, whole, line))
        return true;
    struct span count;
    if (!first && rest->len == 0 && offices_is_rest(whole, &count))
        *line = (struct offices_line){.office = count, .is_rest = true};
    return true;
}

bool offices_are_matches(const struct offices *offices) {
    struct span rest = offices->lines;
    struct offices_line line;
    return offices_next(offices, &rest, &line) && line.name.len > 0;
}

static void offices_put_text(const struct offices *offices, struct text *out) {
    if (offices->status == 200) {
        text_put(out, offices->lines);
    } else if (offices->status == 404) {
        text_put(out, SPAN("UNKNOWN NAME: "));
        fold_upper(offices->name, out); /* cannot fail: name is plain, and out has room */
    } else {
        text_put(out, SPAN("ERROR: "));
        text_put(out, offices->error);
    }
    text_put(out, SPAN("\n"));
}

/* Appends a JSON string (RFC 8259, section 7). The only control character in plain
 * text is tab. */
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

static void json_put_lines(const struct offices *offices, struct text *out) {
    bool matches = offices_are_matches(offices);
    struct span rest = offices->lines;
    struct span more = SPAN("");
    bool has_more = false;
    struct span separator = SPAN("");
    struct offices_line line;
    text_put(out, matches ? SPAN(",\"matches\":[") : SPAN(",\"offices\":["));
    while (offices_next(offices, &rest, &line)) {
        if (line.is_rest) {
            has_more = true;
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
    if (has_more) {
        text_put(out, SPAN(",\"more\":"));
        text_put(out, more.len > 0 ? more : SPAN("true"));
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
        json_put_lines(offices, out);
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
