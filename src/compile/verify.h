/* Verifies the contents of a whole book. Opening it checks only its structure. */
#ifndef LOOKUP_VERIFY_H
#define LOOKUP_VERIFY_H

#include "data/book.h"

/* Verifies that
 *
 *   - a search for the key of each record finds it, and the hash tables have no other pointer,
 *   - each key is the fold of its name, and each office is plain text,
 *   - the offices of each name fit into an answer (verify_offices.h),
 *   - the lists of postings, if there are any, are those that lists_of_name gives for the names
 *     (compared by sums of 64 bits).
 *
 * Reads each record once, and again if several have one hash, and searches for each list. In a
 * book that compile did not make, a search may pass as many slots as a request may. Memory
 * grows with the largest hash table. Returns NULL, or a message about the first fault, such as that
 * there is no memory. Sets *entries to the number of entries read. */
const char *verify_book(const struct book *book, unsigned long *entries);

#endif
