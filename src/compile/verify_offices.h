/* Verifies the offices of each name. */
#ifndef LOOKUP_VERIFY_OFFICES_H
#define LOOKUP_VERIFY_OFFICES_H

#include "data/book.h"

/* Verifies that no name has more offices than book_find gives, with separators of two bytes. The
 * book is mapped. Returns NULL or an error message. */
const char *verify_offices(const struct book *book);

#endif
