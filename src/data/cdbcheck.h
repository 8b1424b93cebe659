/* Checks a whole image. cdbread.h checks only its structure, which can be
 * intact after the file was changed in place. */
#ifndef LOOKUP_CDBCHECK_H
#define LOOKUP_CDBCHECK_H

#include "data/cdbread.h"

/* Returns 1 if each record is found by its key, the tables point to no other
 * record, no key or value of a name contains NUL, and no list has 5 of them in
 * a row; else -1. Takes linear time, whatever the hashes: about 50 ns a record. */
int cdbcheck(const struct cdb_image *image);

/* Returns a number for a pointer to the record at offset. The sum of these numbers, for all
 * records, tells whether the tables point to each of them once, with the hash of its key. */
uint64_t cdbcheck_pointer(uint32_t hash, uint32_t offset);

/* Adds the numbers of table number's pointers to *sum. Returns false if a search would not reach
 * one of them, or the table is beyond the end of an image that has changed. */
bool cdbcheck_table(const struct cdb_image *image, uint32_t number, uint64_t *sum);

#endif
