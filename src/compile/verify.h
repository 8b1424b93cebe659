/* Checks a whole book, not just its frame. */
#ifndef LOOKUP_VERIFY_H
#define LOOKUP_VERIFY_H

#include "data/book.h"

/* NULL if every record can be reached by a search for its key, every pointer
 * leads to a record with the hash it gives, every key is folded, every office
 * is plain text, and the words, if there are any, are those that index_make
 * makes of the entries; else what is wrong first. Counts entries in *entries. */
const char *verify_book(const struct book *book, unsigned long *entries);

#endif
