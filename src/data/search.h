/* Finds names by their words, initials, or words without marks, in any order, if the request is
 * not a name of the book. The rules are in lookup-book(5), WORDS. */
#ifndef LOOKUP_SEARCH_H
#define LOOKUP_SEARCH_H

#include "data/book.h"

enum {
    SEARCH_BYTES = 1 << 20, /* bytes of postings that a request may read after the first records;
                              a name counts as NAME_BYTES (data/term.c) */
};

/* Appends the answer to a folded request of at most BOOK_WORD_MAX bytes that is not
 * a name of the book. Lines are separated by separator. Returns 1 for offices, 2 for a
 * list (matches.h), 0 if nothing matches, -1 if the book is broken. */
int search_words(const struct book *book, struct span folded, struct span separator,
                 struct text *out);

#endif
