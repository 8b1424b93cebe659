/* The header row of a CSV source: recognises the columns, in the languages that
 * spreadsheets and directories use. */
#ifndef LOOKUP_CSV_HEADER_H
#define LOOKUP_CSV_HEADER_H

#include "formats/csv_rows.h"

enum {
    CSV_NO_COLUMN = CSV_FIELDS_MAX,
    CSV_ADDRESSES = 9, /* numbered 1 to 9 */
};

enum csv_role {
    CSV_NAME,      /* the whole name; or that of given and family name that has no column */
    CSV_FULL_NAME, /* certainly the whole name */
    CSV_GIVEN_NAME,
    CSV_FAMILY_NAME,
    CSV_OFFICE,
    CSV_ROLES,
};

/* The columns of a numbered address, such as "Address 1 - Formatted". */
struct csv_address {
    size_t text; /* CSV_NO_COLUMN: there is none */
    size_t kind; /* the column that says which address it is, such as Work; likewise */
};

struct csv_header {
    size_t column[CSV_ROLES]; /* CSV_NO_COLUMN: no column has this role */
    size_t rank[CSV_ROLES];   /* rank of its word in the role's list; lower is better */
    bool twice[CSV_ROLES];    /* another column has a word of the same rank */
    struct csv_address address[CSV_ADDRESSES];
    bool address_twice; /* likewise, for any of the addresses */
};

/* Finds the columns in the current row. */
void csv_header_find(const struct csv *csv, struct csv_header *header);

/* Returns the column that wanted names: the first with that word in the current
 * row, or else the one of that number, counted from 1; or CSV_NO_COLUMN if there
 * is none. Sets *by_number if wanted is a number and not a word of the row; sets
 * *twice if another column has the same word. */
size_t csv_header_column(const struct csv *csv, const char *wanted, bool *by_number, bool *twice);

#endif
