#include "data/book.h"
#include "data/escape.h"
#include "data/fold.h"
#include "data/utf8.h"
#include "formats/csv_header.h"

#include <stdlib.h>

enum { NONE = CSV_NO_COLUMN };

/* The columns in use. */
struct columns {
    bool named;   /* the first row is a header, not an entry */
    size_t count; /* number of fields in the first row, empty ones included */
    size_t name;  /* the whole name; where it is empty, the next two are used */
    size_t given_name;
    size_t family_name;
    size_t either; /* the one of those two that may hold the whole name */
    size_t office; /* NONE: the first work address is the office */
    struct csv_address address[CSV_ADDRESSES];
};

static int csv_lose(const struct csv *csv, const char *what) {
    return csv->to->on_fatal(csv->to->context, csv->row_line, what);
}

/* Reports which column is missing, and which columns there are. wanted is what an
 * option names; if it is NULL, what describes the column. Returns -1. */
static int csv_lose_column(const struct csv *csv, const char *wanted, const char *what) {
    char bytes[512];
    struct text says = {.at = bytes, .cap = sizeof(bytes) - sizeof("...")};
    text_put(&says, SPAN("no column "));
    if (wanted != NULL)
        escape(span_of(wanted), "", "", &says);
    else
        text_put(&says, span_of(what));
    text_put(&says, SPAN("; the columns are: "));
    for (size_t i = 0; i < csv->fields && !says.full; i++) {
        if (i > 0)
            text_put(&says, SPAN(", "));
        escape(csv_field(csv, i), "", "", &says);
    }
    snprintf(bytes + says.len, sizeof(bytes) - says.len, "%s", says.full ? "..." : "");
    return csv_lose(csv, bytes);
}

/* What the first row and the options say, before it is checked. */
struct guess {
    struct csv_header header;
    size_t name; /* column that an option names */
    size_t office;
    bool twice;     /* two columns have a word that an option names */
    bool known;     /* the header has a known word, or an option names a column by a word */
    bool by_number; /* an option gives a column number */
};

static void guess_option(const struct csv *csv, const char *wanted, size_t *column,
                         struct guess *guess) {
    bool by_number;
    bool twice;
    if (wanted == NULL)
        return;
    *column = csv_header_column(csv, wanted, &by_number, &twice);
    guess->by_number = guess->by_number || by_number;
    guess->known = guess->known || !by_number;
    guess->twice = guess->twice || twice;
}

static void guess_columns(const struct csv *csv, const struct source_options *how,
                          struct guess *guess) {
    *guess = (struct guess){.name = NONE, .office = NONE};
    csv_header_find(csv, &guess->header);
    guess_option(csv, how->name_column, &guess->name, guess);
    guess_option(csv, how->office_column, &guess->office, guess);
    for (enum csv_role role = 0; role < CSV_ROLES; role++)
        guess->known = guess->known || guess->header.column[role] != NONE;
    for (size_t i = 0; i < CSV_ADDRESSES; i++)
        guess->known = guess->known || guess->header.address[i].text != NONE ||
                       guess->header.address[i].kind != NONE;
}

static bool is_whole(const struct csv_address *address) {
    return address->text != NONE && address->kind != NONE;
}

/* Without an office column, the work address is the office, as in a vCard. */
static bool has_office(const struct csv_header *header) {
    bool found = header->column[CSV_OFFICE] != NONE;
    for (size_t i = 0; i < CSV_ADDRESSES; i++)
        found = found || is_whole(&header->address[i]);
    return found;
}

/* Scores a separator: 1 if it gives a column of names, and 1 if it gives one of
 * offices. */
static int worth(const struct guess *guess, const struct source_options *how) {
    bool name = guess->name != NONE;
    for (enum csv_role role = CSV_NAME; how->name_column == NULL && role <= CSV_FAMILY_NAME; role++)
        name = name || guess->header.column[role] != NONE;
    bool office = how->office_column != NULL ? guess->office != NONE : has_office(&guess->header);
    return name + office;
}

/* Chooses the separator with which the header names the most columns that are
 * needed. If no separator makes it name any, keeps the most frequent one
 * (csv_begin). */
static void csv_choose_separator(struct csv *csv, const struct source_options *how) {
    const int candidates[] = {csv->separator, '\t', ';', ',', '|'};
    int best = 0;
    struct guess guess;
    for (size_t i = 0; i < sizeof(candidates) / sizeof(candidates[0]) && !how->no_header; i++) {
        csv_peek(csv, candidates[i]);
        guess_columns(csv, how, &guess);
        int this = worth(&guess, how);
        if (this > best) {
            best = this;
            csv->separator = candidates[i];
        }
    }
}

/* If only one of given and family name has a column, a column called just
 * "name" is the other one: Nom, Prénom; Nombre, Apellidos. */
static void choose_names(const struct csv_header *header, struct columns *columns) {
    const size_t *found = header->column;
    bool given = found[CSV_GIVEN_NAME] != NONE;
    bool family = found[CSV_FAMILY_NAME] != NONE;
    columns->given_name = found[CSV_GIVEN_NAME];
    columns->family_name = found[CSV_FAMILY_NAME];
    columns->name = found[CSV_NAME] != NONE ? found[CSV_NAME] : found[CSV_FULL_NAME];
    if (found[CSV_NAME] == NONE || given == family)
        return;
    columns->either = found[CSV_NAME];
    columns->name = found[CSV_FULL_NAME];
    *(given ? &columns->family_name : &columns->given_name) = columns->either;
}

static bool is_twice(const struct guess *guess, const struct source_options *how) {
    const bool *twice = guess->header.twice;
    bool names =
        twice[CSV_NAME] || twice[CSV_FULL_NAME] || twice[CSV_GIVEN_NAME] || twice[CSV_FAMILY_NAME];
    return guess->twice || (how->name_column == NULL && names) ||
           (how->office_column == NULL &&
            (guess->header.column[CSV_OFFICE] != NONE ? twice[CSV_OFFICE]
                                                      : guess->header.address_twice));
}

/* A header word that is not UTF-8 could be any of the known words. */
static bool is_all_utf8(const struct csv *csv) {
    uint32_t point;
    size_t used;
    for (size_t i = 0; i < csv->fields; i++)
        for (struct span s = csv_field(csv, i); s.len > 0; s = span_from(s, used))
            if ((used = utf8_decode(s, &point)) == 0)
                return false;
    return true;
}

static int csv_find_named(const struct csv *csv, const struct source_options *how,
                          const struct guess *guess, struct columns *columns) {
    if ((how->name_column == NULL || how->office_column == NULL) && !is_all_utf8(csv))
        return csv_lose(csv, "the header" SOURCE_NOT_UTF8);
    columns->name = guess->name;
    columns->office = how->office_column != NULL ? guess->office : guess->header.column[CSV_OFFICE];
    memcpy(columns->address, guess->header.address, sizeof(columns->address));
    bool office = how->office_column != NULL ? guess->office != NONE : has_office(&guess->header);
    if (how->name_column == NULL)
        choose_names(&guess->header, columns);
    if (columns->name == NONE && columns->given_name == NONE && columns->family_name == NONE)
        return csv_lose_column(csv, how->name_column, "of names (see --name-column)");
    if (!office)
        return csv_lose_column(csv, how->office_column, "of offices (see --office-column)");
    if (is_twice(guess, how))
        return csv_lose(csv, "two columns with the same name");
    if (guess->by_number && !guess->known)
        return csv->to->on_warning(csv->to->context, csv->row_line,
                                   "warning: this row is used as the header; if it is an entry, "
                                   "use --no-header");
    return 0;
}

/* Counts the fields without the empty ones at the end. */
static size_t count_filled(const struct csv *csv) {
    size_t count = csv->fields;
    while (count > 0 && csv_field(csv, count - 1).len == 0)
        count--;
    return count;
}

static int csv_find_unnamed(const struct csv *csv, const struct source_options *how,
                            const struct guess *guess, struct columns *columns) {
    bool name_by_word = how->name_column != NULL && guess->name == NONE;
    bool office_by_word = how->office_column != NULL && guess->office == NONE;
    columns->name = how->name_column != NULL ? guess->name : 0;
    columns->office = how->office_column != NULL ? guess->office : 1;
    if (name_by_word || office_by_word)
        return csv_lose_column(csv, name_by_word ? how->name_column : how->office_column, NULL);
    if (csv->fields < 2)
        return csv_lose(csv, "one field, but a name and an office are needed");
    if (!how->no_header && count_filled(csv) > 2)
        return csv_lose_column(
            csv, NULL, "with a known name (see --name-column, --office-column, --no-header)");
    return 0;
}

/* Finds the columns from the first row. Returns -1 after reporting why it
 * cannot. */
static int csv_find_columns(const struct csv *csv, const struct source_options *how,
                            struct columns *columns) {
    struct guess guess;
    guess_columns(csv, how, &guess);
    *columns = (struct columns){
        .named = !how->no_header && (guess.known || guess.by_number),
        .count = csv->fields,
        .name = NONE,
        .given_name = NONE,
        .family_name = NONE,
        .either = NONE,
    };
    return columns->named ? csv_find_named(csv, how, &guess, columns)
                          : csv_find_unnamed(csv, how, &guess, columns);
}

static bool has_column(const struct csv *csv, size_t column) {
    return column == NONE || column < csv->fields;
}

static struct span field_of(const struct csv *csv, size_t column) {
    return column == NONE || column >= csv->fields ? SPAN("") : csv_field(csv, column);
}

/* Appends the folded name, with commas as blanks and a blank at each end. */
static struct span put_words(struct span name, struct text *out) {
    text_put(out, SPAN(" "));
    if (fold_name(name, out) < 0)
        return SPAN("");
    text_put(out, SPAN(" "));
    for (size_t i = 0; i < out->len; i++)
        if (out->at[i] == ',')
            out->at[i] = ' ';
    return out->full ? SPAN("") : text_span(out);
}

/* Returns true if name contains the words of part: then it is the whole name. */
static bool has_in_it(struct span name, struct span part) {
    char bytes[2][BOOK_NAME_MAX * FOLD_GROWTH + 2];
    struct text folded[2] = {{.at = bytes[0], .cap = sizeof(bytes[0])},
                             {.at = bytes[1], .cap = sizeof(bytes[1])}};
    if (name.len > BOOK_NAME_MAX || part.len > BOOK_NAME_MAX || part.len == 0)
        return false;
    struct span all = put_words(name, &folded[0]);
    struct span some = put_words(part, &folded[1]);
    return some.len > 2 && memmem(all.at, all.len, some.at, some.len) != NULL;
}

/* What does not fit in out is too long for a name anyway. */
static struct span name_of(const struct csv *csv, const struct columns *columns, struct text *out) {
    struct span whole = field_of(csv, columns->name);
    struct span given = field_of(csv, columns->given_name);
    struct span family = field_of(csv, columns->family_name);
    if (!fold_is_empty(whole))
        return whole;
    if (columns->either != NONE) {
        bool is_given = columns->either == columns->given_name;
        struct span either = is_given ? given : family;
        if (has_in_it(either, is_given ? family : given))
            return either;
    }
    text_put(out, given);
    text_put(out, SPAN(" "));
    text_put(out, family);
    return out->full ? (struct span){out->at, out->cap} : text_span(out);
}

/* Programs omit empty fields at the end, or add some. If a row has more values
 * than the header, or lacks a column in use, nobody can tell which field is
 * which. */
static bool fits(const struct csv *csv, const struct columns *columns) {
    return count_filled(csv) <= columns->count && has_column(csv, columns->name) &&
           has_column(csv, columns->given_name) && has_column(csv, columns->family_name) &&
           has_column(csv, columns->office);
}

/* A "* " marks the default one of several addresses. */
static bool is_of_work(struct span kind) {
    if (span_starts(kind, SPAN("* ")))
        kind = span_from(kind, 2);
    return span_is_word(kind, "work");
}

/* Returns an empty span if there is no office. A row may lack the columns of
 * addresses. */
static struct span office_of(const struct csv *csv, const struct columns *columns) {
    if (columns->office != NONE)
        return csv_field(csv, columns->office);
    for (size_t i = 0; i < CSV_ADDRESSES; i++) {
        const struct csv_address *address = &columns->address[i];
        struct span text = field_of(csv, address->text);
        if (is_whole(address) && text.len > 0 && is_of_work(field_of(csv, address->kind)))
            return text;
    }
    return SPAN("");
}

static int csv_take_row(const struct csv *csv, const struct columns *columns) {
    char bytes[BOOK_NAME_MAX + 2];
    struct text joined = {.at = bytes, .cap = sizeof(bytes)};
    if (!fits(csv, columns)) {
        char what[80];
        snprintf(what, sizeof(what), "%zu fields, but the first row has %zu", csv->fields,
                 columns->count);
        return csv->to->on_error(csv->to->context, csv->row_line, what);
    }
    struct entry entry = {name_of(csv, columns, &joined), office_of(csv, columns), csv->row_line};
    if (fold_is_empty(entry.name))
        return csv->to->on_skip(csv->to->context, csv->row_line);
    return source_give(csv->to, &entry);
}

static int csv_read_rows(struct csv *csv, const struct source_options *how) {
    struct columns columns = {0};
    if (!csv->said)
        csv_choose_separator(csv, how);
    int more = csv_next(csv);
    if (more <= 0)
        return more;
    if (csv_find_columns(csv, how, &columns) < 0)
        return -1;
    if (columns.named)
        more = csv_next(csv);
    for (; more > 0; more = csv_next(csv))
        if (csv_take_row(csv, &columns) < 0)
            return -1;
    return more;
}

int csv_read(FILE *source, const struct source_options *how, const struct source_events *to) {
    struct csv *csv = malloc(sizeof(*csv));
    if (csv == NULL)
        return -1;
    csv_begin(csv, source, to);
    int result = csv_read_rows(csv, how);
    free(csv);
    return result;
}
