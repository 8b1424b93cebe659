/* Checks a whole book, not just its frame. */
#ifndef LOOKUP_VERIFY_H
#define LOOKUP_VERIFY_H

#include "data/book.h"

/* NULL if every record can be reached by a search for its key, and there is no other
 * pointer; every key is folded, every office plain text, every name spelled as its key
 * says; and the lists of postings, if there are any, are those that index_lists_of gives
 * for the entries: else what is wrong first. Goes through the book once, in memory that
 * does not depend on its size. Sets *entries to how many there are. */
const char *verify_book(const struct book *book, unsigned long *entries);

#endif
