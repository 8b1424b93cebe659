/* The formats a source can have. */
#ifndef LOOKUP_FORMATS_H
#define LOOKUP_FORMATS_H

#include "formats/source.h"

struct format {
    const char *name;
    const char *endings; /* of the names of such files, parted by blanks */
    source_reader *read;
    bool decodes; /* its lines may have charsets of their own */
};

/* NULL: there is none of that name. */
const struct format *format_named(const char *name);

/* By the ending of the file's name, in upper or lower case; plain, if no other
 * format has it. */
const struct format *format_of(const char *file);

#endif
