#include "services/offices.h"

#include "data/fold.h"
#include "data/json.h"
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
    return search_words(book, text_span(&key), separator, out);
}

static struct span offices_take_line(struct span *rest) {
    const char *end = memchr(rest->at, '\n', rest->len);
    struct span line = {rest->at, end == NULL ? rest->len : (size_t)(end - rest->at)};
    *rest = span_from(*rest, end == NULL ? rest->len : line.len + 1);
    return line;
}

/* Splits a line of a list, such as "John Smith: C45". */
static bool offices_split(struct span whole, struct offices_line *line) {
    const char *colon = memmem(whole.at, whole.len, ": ", 2);
    if (colon == NULL)
        return false;
    line->name = (struct span){whole.at, (size_t)(colon - whole.at)};
    line->office = span_from(whole, line->name.len + 2);
    return true;
}

/* Returns the number in the last line of a list: "3" of "and 3 more", "" of "and more". */
static struct span offices_rest(struct span line) {
    struct span before = SPAN("and ");
    struct span after = SPAN(" more");
    if (line.len <= before.len + after.len)
        return SPAN("");
    return (struct span){line.at + before.len, line.len - before.len - after.len};
}

bool offices_next(const struct offices *offices, struct span *rest, struct offices_line *line) {
    if (rest->len == 0)
        return false;
    struct span whole = offices_take_line(rest);
    *line = (struct offices_line){.office = whole};
    if (offices->is_list && !offices_split(whole, line))
        *line = (struct offices_line){.office = offices_rest(whole), .is_rest = true};
    return true;
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

/* Appends the name of a list's line as a JSON string, with the spaces that the book has. */
static void json_put_name(struct span name, struct text *out) {
    struct span colon = SPAN(":\u00A0");
    text_put(out, SPAN("\""));
    while (name.len > 0) {
        if (!span_starts(name, colon)) {
            json_put_character(&name, out);
            continue;
        }
        text_put(out, SPAN(": "));
        name = span_from(name, colon.len);
    }
    text_put(out, SPAN("\""));
}

static void json_put_match(const struct offices_line *line, struct text *out) {
    text_put(out, SPAN("{\"name\":"));
    json_put_name(line->name, out);
    text_put(out, SPAN(",\"office\":"));
    json_put_string(line->office, out);
    text_put(out, SPAN("}"));
}

static void json_put_lines(const struct offices *offices, struct text *out) {
    struct span rest = offices->lines;
    struct span more = SPAN("");
    bool has_more = false;
    struct span separator = SPAN("");
    struct offices_line line;
    text_put(out, offices->is_list ? SPAN(",\"matches\":[") : SPAN(",\"offices\":["));
    while (offices_next(offices, &rest, &line)) {
        if (line.is_rest) {
            has_more = true;
            more = line.office;
            continue;
        }
        text_put(out, separator);
        separator = SPAN(",");
        if (offices->is_list)
            json_put_match(&line, out);
        else
            json_put_string(line.office, out);
    }
    text_put(out, SPAN("]"));
    if (has_more) {
        text_put(out, SPAN(",\"more\":"));
        text_put(out, more.len > 0 ? more : SPAN("true"));
    }
}

static void offices_put_json(const struct offices *offices, struct text *out) {
    text_put(out, SPAN("{"));
    if (offices->name.at != NULL) {
        text_put(out, SPAN("\"name\":"));
        json_put_string(offices->name, out);
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
        json_put_string(offices->error, out);
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
