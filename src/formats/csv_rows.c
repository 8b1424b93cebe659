#include "formats/csv_rows.h"

#include "data/fold.h"

#include <string.h>
#include <strings.h>

/* How a field can end, other than by separator, line end or EOF. FAULTY: the row
 * is malformed. LOST: the rest of the source cannot be read either. */
enum { FAULTY = EOF - 1, LOST = EOF - 2 };

static int csv_next_raw(struct csv *csv) {
    if (csv->sniffed_at < csv->sniffed_len)
        return (unsigned char)csv->sniffed[csv->sniffed_at++];
    if (csv->peeks)
        return EOF;
    return getc_unlocked(csv->source);
}

/* Returns the next byte, with each line end as LF. */
static int csv_next_byte(struct csv *csv) {
    int c = csv_next_raw(csv);
    if (c == '\n' && csv->after_cr)
        c = csv_next_raw(csv);
    csv->after_cr = c == '\r';
    if (csv->after_cr)
        c = '\n';
    csv->line += c == '\n';
    return c;
}

static int csv_fail(struct csv *csv, int how, unsigned long line, const char *what) {
    csv->fault = what;
    csv->fault_line = line;
    return how;
}

static bool ends_field(const struct csv *csv, int c) {
    return c == csv->separator || c == '\n' || c == EOF;
}

/* Returns false if the row is full. */
static bool csv_put(struct csv *csv, int c) {
    if (csv->len == CSV_ROW_MAX)
        return false;
    csv->bytes[csv->len++] = (char)c;
    return true;
}

static int csv_read_quoted(struct csv *csv) {
    static const char twice_or_end = '"';
    unsigned long opened = csv->line;
    int c;
    for (;;) {
        c = csv_next_byte(csv);
        if (c == EOF)
            return csv_fail(csv, LOST, opened, "the quote that opens here is never closed");
        if (c == twice_or_end && (c = csv_next_byte(csv)) != twice_or_end)
            break;
        if (!csv_put(csv, c))
            return csv_fail(csv, LOST, opened,
                            "the quote that opens here is not closed within 1 MiB");
    }
    return ends_field(csv, c) ? c : csv_fail(csv, FAULTY, csv->line, "text after a closing quote");
}

/* Returns what ended the field. */
static int csv_read_field(struct csv *csv) {
    int c = csv_next_byte(csv);
    if (c == '"')
        return csv_read_quoted(csv);
    for (; !ends_field(csv, c); c = csv_next_byte(csv)) {
        if (c == '"')
            return csv_fail(csv, FAULTY, csv->line, "quote in an unquoted field");
        if (!csv_put(csv, c))
            return csv_fail(csv, LOST, csv->row_line, "row longer than 1 MiB");
    }
    return c;
}

/* Returns what ended the row: LF, EOF, FAULTY or LOST. */
static int csv_read_row(struct csv *csv) {
    int end;
    csv->row_line = csv->line;
    csv->fields = csv->len = 0;
    do {
        if (csv->fields == CSV_FIELDS_MAX)
            return csv_fail(csv, LOST, csv->row_line, "row of more than 16384 fields");
        end = csv_read_field(csv);
        csv->end[csv->fields++] = (uint32_t)csv->len;
    } while (end == csv->separator);
    return end;
}

static void csv_pass_line(struct csv *csv) {
    int c;
    do
        c = csv_next_byte(csv);
    while (c != '\n' && c != EOF);
}

int csv_next(struct csv *csv) {
    const struct source_events *to = csv->to;
    for (;;) {
        int end = csv_read_row(csv);
        if (end == LOST || (end == FAULTY && !csv->begun))
            return to->on_fatal(to->context, csv->fault_line, csv->fault);
        if (end == FAULTY) {
            if (to->on_error(to->context, csv->fault_line, csv->fault) < 0)
                return -1;
            csv_pass_line(csv);
        } else if (fold_trim((struct span){csv->bytes, csv->len}).len > 0) {
            csv->begun = true;
            return 1;
        } else if (end == EOF) {
            return 0;
        }
    }
}

struct span csv_field(const struct csv *csv, size_t number) {
    size_t start = number == 0 ? 0 : csv->end[number - 1];
    return fold_trim((struct span){csv->bytes + start, csv->end[number] - start});
}

/* Reads ahead: the blank lines at the start and the first row. csv_read_row checks its
 * quotes later. */
static void csv_sniff_row(struct csv *csv, size_t *tabs, size_t *semicolons, size_t *commas) {
    bool quoted = false;
    bool blank = true;
    int c;
    while (csv->sniffed_len < CSV_SNIFFED_MAX && (c = getc_unlocked(csv->source)) != EOF) {
        csv->sniffed[csv->sniffed_len++] = (char)c;
        if (c == '"')
            quoted = !quoted;
        if (quoted)
            continue;
        if ((c == '\n' || c == '\r') && !blank)
            return;
        blank = blank && (c == '\n' || c == '\r' || c == ' ');
        *tabs += c == '\t';
        *semicolons += c == ';';
        *commas += c == ',';
    }
}

/* Looks for word at the start of the lookahead; *line is the rest of its line. */
static bool csv_find_line(const struct csv *csv, const char *word, struct span *line) {
    struct span rest = span_from((struct span){csv->sniffed, csv->sniffed_len}, csv->sniffed_at);
    size_t len = strlen(word);
    if (rest.len < len || strncasecmp(rest.at, word, len) != 0)
        return false;
    rest = span_from(rest, len);
    size_t end = 0;
    while (end < rest.len && rest.at[end] != '\n' && rest.at[end] != '\r')
        end++;
    *line = (struct span){rest.at, end};
    return true;
}

/* Reads a first line such as sep=; and returns true if there is one. Spreadsheets
 * write it, in quotes or not, and do not take it for a row. */
static bool csv_take_separator(struct csv *csv) {
    struct span line;
    bool quoted = csv_find_line(csv, "\"sep=", &line);
    if (!quoted && !csv_find_line(csv, "sep=", &line))
        return false;
    if (line.len != (quoted ? 2 : 1) || line.at[0] == '"' || (quoted && line.at[1] != '"'))
        return false;
    csv->separator = (unsigned char)line.at[0];
    csv_pass_line(csv);
    return true;
}

static void csv_sniff(struct csv *csv) {
    size_t tabs = 0;
    size_t semicolons = 0;
    size_t commas = 0;
    csv->sniffed_at = csv->sniffed_len = 0;
    csv_sniff_row(csv, &tabs, &semicolons, &commas);
    struct span first = {csv->sniffed, csv->sniffed_len};
    csv->sniffed_at = first.len - source_without_mark(first).len;
    csv->separator = tabs > 0 && tabs >= semicolons && tabs >= commas ? '\t'
                     : semicolons > 0 && semicolons >= commas         ? ';'
                                                                      : ',';
}

void csv_begin(struct csv *csv, FILE *source, const struct source_events *to) {
    struct span line;
    csv->source = source;
    csv->to = to;
    csv->after_cr = csv->begun = csv->peeks = false;
    csv->line = 1;
    csv_sniff(csv);
    if (csv_find_line(csv, "#TYPE ", &line)) {
        csv_pass_line(csv);
        csv_sniff(csv);
    }
    csv->said = csv_take_separator(csv);
}

void csv_peek(struct csv *csv, int separator) {
    int own = csv->separator;
    unsigned long line = csv->line;
    size_t at = csv->sniffed_at;
    bool after_cr = csv->after_cr;
    csv->separator = separator;
    csv->peeks = true;
    while (csv_read_row(csv) == '\n' && fold_trim((struct span){csv->bytes, csv->len}).len == 0)
        continue;
    csv->peeks = false;
    csv->separator = own;
    csv->line = line;
    csv->sniffed_at = at;
    csv->after_cr = after_cr;
}
