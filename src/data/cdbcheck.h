/* Looks through a whole image, as its makers need not: one that was written in place may
 * be whole in its frame alone. */
#ifndef LOOKUP_CDBCHECK_H
#define LOOKUP_CDBCHECK_H

#include "data/cdbread.h"

/* 1 if each record is found by its key, no other is pointed to, and no key or value of a
 * name has a NUL in it; else -1. Takes some 100 ns a record. */
int cdbcheck(const struct cdb_image *image);

/* True if a search for the record's key comes to that record. */
bool cdbcheck_is_found(const struct cdb_image *image, const struct cdb_record *record);

#endif
