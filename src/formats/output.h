/* The formats in which a book's entries are listed. */
#ifndef LOOKUP_OUTPUT_H
#define LOOKUP_OUTPUT_H

#include "data/bytes.h"
#include "data/names.h"

#include <stdbool.h>
#include <stdio.h>

/* Writes an entry. Escapes bytes that are not plain text (utf8_is_plain), which only a damaged or
 * foreign book has. If to is a terminal, also escapes what could act on it (data/escape.h). */
typedef void entry_writer(FILE *to, struct span name, struct span office, bool terminal);

/* A line as plain_read has it. */
entry_writer plain_write;

struct output {
    const char *name;
    const char *header; /* text to write before the first entry */
    entry_writer *write;
};

/* Returns the format of that name, or NULL:
 *
 * plain  a line as plain_read has it
 * csv    a row as csv_read has it, below a header (RFC 4180, except that LF ends a line)
 * json   an object on a line of its own (RFC 8259) */
const struct output *output_named(const char *name);

/* Writes the names of all formats to list, see names_list. Returns list. */
const char *output_names(const char *between, const char *last, char list[NAMES_MAX]);

/* Writes s with the escapes that entry_writer describes. */
void output_put(FILE *to, struct span s, bool terminal);

#endif
