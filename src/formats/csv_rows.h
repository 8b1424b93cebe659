/* The rows of a CSV source (RFC 4180, section 2), read strictly.
 *
 * A quoted field ends with its closing quote. A quote in an unquoted field, or
 * text after a closing quote, is an error at its line; reading continues with
 * the next line. LF, CRLF and CR end a line. A row is skipped if all its fields
 * are empty or blank. */
#ifndef LOOKUP_CSV_ROWS_H
#define LOOKUP_CSV_ROWS_H

#include "formats/source.h"

#include <stdint.h>

enum {
    CSV_ROW_MAX = 1024 * 1024,   /* bytes of a row's fields */
    CSV_FIELDS_MAX = 16384,      /* the maximum number of columns in a spreadsheet */
    CSV_SNIFFED_MAX = 64 * 1024, /* bytes of the first row that are searched for the separator */
};

struct csv {
    FILE *source;
    const struct source_events *to;
    int separator;
    bool after_cr;      /* the last byte was CR, so a LF that follows belongs to it */
    bool begun;         /* a row was read */
    bool peeks;         /* read sniffed only, and nothing more from source */
    bool said;          /* the source names its separator ("sep=;") */
    unsigned long line; /* line number of the next byte */
    const char *fault;  /* what is wrong with the row */
    unsigned long fault_line;
    size_t sniffed_at; /* sniffed was read ahead; its bytes from here to sniffed_len come next */
    size_t sniffed_len;
    unsigned long row_line;       /* line where the row starts */
    size_t fields;                /* number of fields in the row */
    size_t len;                   /* bytes of all fields */
    uint32_t end[CSV_FIELDS_MAX]; /* where each field ends in bytes */
    char bytes[CSV_ROW_MAX];      /* the fields, one after the other, without quotes */
    char sniffed[CSV_SNIFFED_MAX];
};

/* Starts reading source: drops a byte order mark and a first line "#TYPE ..."
 * (from PowerShell), and detects the separator. A first line like "sep=;" names
 * it. Otherwise it is the most frequent of comma, semicolon and tab outside
 * quotes in the first row; a tie goes to the tab, then to the semicolon. csv
 * may be uninitialised. */
void csv_begin(struct csv *csv, FILE *source, const struct source_events *to);

/* Splits the first row by that separator, without consuming it: up to
 * CSV_SNIFFED_MAX bytes of it. Call it before csv_next. */
void csv_peek(struct csv *csv, int separator);

/* Reads the next row. Returns 1; 0 at end of file or on a read error
 * (ferror(3)); -1 if a callback stopped it or after it has called on_fatal: for
 * an unclosed quote, a row above the limits, or a malformed first row, which may
 * be the header. */
int csv_next(struct csv *csv);

/* Returns a field of the current row, without the blanks around it. number is
 * counted from 0 and is below csv->fields. */
struct span csv_field(const struct csv *csv, size_t number);

#endif
