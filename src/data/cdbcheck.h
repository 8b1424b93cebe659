/* Checks a whole image. cdbread.h checks only its structure, which can be
 * intact after the file was changed in place. */
#ifndef LOOKUP_CDBCHECK_H
#define LOOKUP_CDBCHECK_H

#include "data/cdbread.h"

/* Returns 1 if each record is found by its key, the tables point to no other
 * record, no key or value of a name contains NUL, and no list has 5 of them in
 * a row; else -1. Takes about 100 ns a record. */
int cdbcheck(const struct cdb_image *image);

/* True if a search for the record's key finds that record. */
bool cdbcheck_is_found(const struct cdb_image *image, const struct cdb_record *record);

#endif
