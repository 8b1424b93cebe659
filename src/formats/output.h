/* The formats in which a book's entries are listed. */
#ifndef LOOKUP_OUTPUT_H
#define LOOKUP_OUTPUT_H

#include "data/bytes.h"
#include "data/names.h"

#include <stdbool.h>
#include <stdio.h>

/* Writes an entry. What no book of ours holds is made visible; for a terminal, so is all that
 * could act on it. */
typedef void entry_writer(FILE *to, struct span name, struct span office, bool terminal);

/* A line as plain_read has it. */
entry_writer plain_write;

struct output {
    const char *name;
    const char *header; /* comes first */
    entry_writer *write;
};

/* NULL: there is none of that name.
 *
 * plain  a line as plain_read has it
 * csv    a row as csv_read has it (RFC 4180, but for its line end, which is LF), below a header
 * json   an object on a line of its own (RFC 8259) */
const struct output *output_named(const char *name);

/* Writes the names of all of them to list, see names_list. Returns list. */
const char *output_names(const char *between, const char *last, char list[NAMES_MAX]);

/* Writes s, made visible where need be. */
void output_put(FILE *to, struct span s, bool terminal);

#endif
