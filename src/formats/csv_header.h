/* The header of a CSV source: which column is what, in the languages that
 * spreadsheets and directories come in. */
#ifndef LOOKUP_CSV_HEADER_H
#define LOOKUP_CSV_HEADER_H

#include "formats/csv_rows.h"

enum {
    CSV_NO_COLUMN = CSV_FIELDS_MAX,
    CSV_ADDRESSES = 9, /* numbered from 1 */
};

enum csv_role {
    CSV_NAME,      /* of somebody as a whole, or what of it no other column has */
    CSV_FULL_NAME, /* as a whole for certain */
    CSV_GIVEN_NAME,
    CSV_FAMILY_NAME,
    CSV_OFFICE,
    CSV_ROLES,
};

/* The columns of a numbered address, such as Address 1 - Formatted. */
struct csv_address {
    size_t text; /* CSV_NO_COLUMN: none */
    size_t kind; /* of what it is, such as Work; as above */
};

struct csv_header {
    size_t column[CSV_ROLES]; /* CSV_NO_COLUMN: none has the role */
    size_t rank[CSV_ROLES];   /* of its word among those for the role; less is better */
    bool twice[CSV_ROLES];    /* another column has the same word */
    struct csv_address address[CSV_ADDRESSES];
    bool address_twice; /* as above, of any of them */
};

/* Finds the columns in the row just read. */
void csv_header_find(const struct csv *csv, struct csv_header *header);

/* The column that wanted says: one with that word in the row just read, else the
 * one of that number, the first being 1; *by_number says which. *twice: another
 * one has the word, too. CSV_NO_COLUMN: there is none. */
size_t csv_header_column(const struct csv *csv, const char *wanted, bool *by_number, bool *twice);

#endif
