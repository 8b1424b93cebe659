/* The rows of a CSV source (RFC 4180, section 2), read strictly.
 *
 * A quoted field ends with its quote; a quote in any other field, or text
 * behind a closing quote, is a problem at its line, after which reading goes on
 * with the next line. LF, CRLF and CR end a line. Rows with nothing but blanks
 * in them are passed over. */
#ifndef LOOKUP_CSV_ROWS_H
#define LOOKUP_CSV_ROWS_H

#include "formats/source.h"

#include <stdint.h>

enum {
    CSV_ROW_MAX = 1024 * 1024,   /* bytes of a row's fields */
    CSV_FIELDS_MAX = 16384,      /* as many as a spreadsheet has columns */
    CSV_SNIFFED_MAX = 64 * 1024, /* bytes of the first row in which the separator is sought */
};

struct csv {
    FILE *source;
    const struct source_events *to;
    int separator;
    bool after_cr;      /* so a LF that comes next ends no other line */
    bool begun;         /* a row has been read */
    bool peeks;         /* no more is read than what was before its turn */
    bool said;          /* the source said its separator */
    unsigned long line; /* of the next byte */
    const char *fault;  /* what is wrong with the row, and where */
    unsigned long fault_line;
    size_t sniffed_at; /* bytes that were read before their turn: where, and up to where */
    size_t sniffed_len;
    unsigned long row_line; /* where the row starts */
    size_t fields;          /* that it has */
    size_t len;             /* bytes of them all */
    uint32_t end[CSV_FIELDS_MAX];
    char bytes[CSV_ROW_MAX];
    char sniffed[CSV_SNIFFED_MAX];
};

/* Begins with source: drops a byte order mark and a first line "#TYPE ...", as
 * PowerShell has it, and finds out the separator. That is what a line like "sep=;"
 * says, or the one of comma, semicolon and tab that the first row has most of
 * outside quotes; of those as frequent, the tab, else the semicolon. csv may be
 * uninitialised. */
void csv_begin(struct csv *csv, FILE *source, const struct source_events *to);

/* Takes the first row apart as if that were the separator, before it is read. */
void csv_peek(struct csv *csv, int separator);

/* Reads the next row: 1 there is one, 0 no more (or the source failed), -1 the
 * caller stopped it, or the rest cannot be read: a quote is never closed, a row
 * exceeds the limits above, or the first one, which may be the header, is wrong. */
int csv_next(struct csv *csv);

/* Of the row just read, without the blanks around it. */
struct span csv_field(const struct csv *csv, size_t number);

#endif
