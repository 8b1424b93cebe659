/* The formats of sources. */
#ifndef LOOKUP_FORMATS_H
#define LOOKUP_FORMATS_H

#include "data/names.h"
#include "formats/source.h"

struct format {
    const char *name;
    const char *endings; /* file name extensions, separated by spaces */
    source_reader *read;
    bool decodes; /* its lines may name charsets of their own, which read decodes */
};

/* Returns the format of that name, or NULL. */
const struct format *format_named(const char *name);

/* Writes the names of all formats to list, see names_list. Returns list. */
const char *format_names(const char *between, const char *last, char list[NAMES_MAX]);

/* Returns the format that has the extension of the file name; case does not
 * matter. Returns plain if no format has it. */
const struct format *format_of(const char *file);

#endif
