#include "data/book.h"
#include "data/escape.h"
#include "data/fold.h"
#include "formats/csv_rows.h"

#include <stdlib.h>

enum {
    NONE = CSV_FIELDS_MAX, /* no column */
    WORD_MAX = 1024,       /* bytes of a column's name */
};

/* Which columns hold what. */
struct columns {
    bool named;   /* the first row says so, and is no entry */
    size_t count; /* of fields in each row */
    size_t name;  /* of the given name, if there is a family name */
    size_t family_name;
    size_t office;
};

/* Words of headers, folded and without blanks, "_" and "-"; the first of a list
 * that is there is meant. */
static const char *const name_words[] = {"NAME", "FULLNAME", "DISPLAYNAME", "CN", NULL};
static const char *const given_words[] = {"FIRSTNAME", "GIVENNAME", "FORENAME", NULL};
static const char *const family_words[] = {"LASTNAME", "FAMILYNAME", "SURNAME", "SN", NULL};
static const char *const office_words[] = {"OFFICE", "OFFICELOCATION", "PHYSICALDELIVERYOFFICENAME",
                                           "ROOM",   "ROOMNUMBER",     NULL};

/* Appends the word as it is compared; nothing of one that is no word. */
static void put_word(struct span word, struct text *out) {
    size_t kept = 0;
    if (word.len > WORD_MAX || fold_name(word, out) < 0)
        return;
    for (size_t i = 0; i < out->len; i++)
        if (out->at[i] != ' ' && out->at[i] != '_' && out->at[i] != '-')
            out->at[kept++] = out->at[i];
    out->len = kept;
}

/* The first column from number on that has word in the header, or NONE. */
static size_t find_word(const struct csv *csv, struct span word, size_t number) {
    for (; number < csv->fields; number++) {
        char bytes[WORD_MAX * FOLD_GROWTH];
        struct text has = {.at = bytes, .cap = sizeof(bytes)};
        put_word(csv_field(csv, number), &has);
        if (has.len > 0 && span_equal(text_span(&has), word))
            return number;
    }
    return NONE;
}

/* The column that the header has under wanted, or under one of words. */
static size_t find_column(const struct csv *csv, const char *wanted, const char *const *words) {
    char bytes[WORD_MAX * FOLD_GROWTH];
    struct text word = {.at = bytes, .cap = sizeof(bytes)};
    size_t column = NONE;
    if (wanted != NULL) {
        put_word(span_of(wanted), &word);
        return find_word(csv, text_span(&word), 0);
    }
    for (; *words != NULL && column == NONE; words++)
        column = find_word(csv, span_of(*words), 0);
    return column;
}

static int lose(const struct csv *csv, const char *what) {
    return csv->to->on_fatal(csv->to->context, csv->row_line, what);
}

/* Says what column is missing, and which there are. */
static int lose_column(const struct csv *csv, const char *wanted, const char *what) {
    char bytes[512];
    struct text says = {.at = bytes, .cap = sizeof(bytes) - sizeof("...")};
    text_put(&says, SPAN("no column "));
    if (wanted != NULL)
        escape(span_of(wanted), "", "", &says);
    else
        text_put(&says, span_of(what));
    text_put(&says, SPAN("; there are: "));
    for (size_t i = 0; i < csv->fields && !says.full; i++) {
        if (i > 0)
            text_put(&says, SPAN(", "));
        escape(csv_field(csv, i), "", "", &says);
    }
    snprintf(bytes + says.len, sizeof(bytes) - says.len, "%s", says.full ? "..." : "");
    return lose(csv, bytes);
}

/* True if another column has the same word. */
static bool is_twice(const struct csv *csv, size_t column) {
    char bytes[WORD_MAX * FOLD_GROWTH];
    struct text word = {.at = bytes, .cap = sizeof(bytes)};
    if (column == NONE)
        return false;
    put_word(csv_field(csv, column), &word);
    return find_word(csv, text_span(&word), column + 1) != NONE;
}

/* Finds the columns by the first row. -1: the caller was told why not. */
static int find_columns(const struct csv *csv, const struct source_options *how,
                        struct columns *columns) {
    size_t name = find_column(csv, how->name_column, name_words);
    size_t family = NONE;
    size_t office = find_column(csv, how->office_column, office_words);
    if (name == NONE && how->name_column == NULL) {
        name = find_column(csv, NULL, given_words);
        family = find_column(csv, NULL, family_words);
    }
    bool named = name != NONE || family != NONE || office != NONE || how->name_column != NULL ||
                 how->office_column != NULL;
    if (named && name == NONE && family == NONE)
        return lose_column(csv, how->name_column, "of names (see --name-column)");
    if (named && office == NONE)
        return lose_column(csv, how->office_column, "of offices (see --office-column)");
    if (is_twice(csv, name) || is_twice(csv, family) || is_twice(csv, office))
        return lose(csv, "two columns of the same name");
    if (!named && csv->fields < 2)
        return lose(csv, "one field, where a name and an office should be");
    *columns = (struct columns){named, csv->fields, name, family, office};
    if (!named)
        *columns = (struct columns){false, csv->fields, 0, NONE, 1};
    return 0;
}

/* What does not fit in out is longer than a name can be anyway. */
static struct span name_of(const struct csv *csv, const struct columns *columns, struct text *out) {
    if (columns->family_name == NONE)
        return csv_field(csv, columns->name);
    if (columns->name != NONE)
        text_put(out, csv_field(csv, columns->name));
    text_put(out, SPAN(" "));
    text_put(out, csv_field(csv, columns->family_name));
    return out->full ? (struct span){out->at, out->cap} : text_span(out);
}

static int take_row(const struct csv *csv, const struct columns *columns) {
    char bytes[BOOK_NAME_MAX + 2];
    struct text joined = {.at = bytes, .cap = sizeof(bytes)};
    if (csv->fields != columns->count) {
        char what[80];
        snprintf(what, sizeof(what), "%zu fields, where the first row has %zu", csv->fields,
                 columns->count);
        return csv->to->on_error(csv->to->context, csv->row_line, what);
    }
    struct entry entry = {name_of(csv, columns, &joined), csv_field(csv, columns->office),
                          csv->row_line};
    return source_give(csv->to, &entry);
}

static int read_rows(struct csv *csv, const struct source_options *how) {
    struct columns columns = {0};
    int more = csv_next(csv);
    if (more <= 0)
        return more;
    if (find_columns(csv, how, &columns) < 0)
        return -1;
    if (columns.named)
        more = csv_next(csv);
    for (; more > 0; more = csv_next(csv))
        if (take_row(csv, &columns) < 0)
            return -1;
    return more;
}

int csv_read(FILE *source, const struct source_options *how, const struct source_events *to) {
    struct csv *csv = malloc(sizeof(*csv));
    if (csv == NULL)
        return -1;
    csv_begin(csv, source, to);
    int result = read_rows(csv, how);
    free(csv);
    return result;
}
