/* Finds names by their words, initials, or words without marks, in any order, if the request is
 * not a name of the book. The rules are in lookup-book(5), WORDS. */
#ifndef LOOKUP_SEARCH_H
#define LOOKUP_SEARCH_H

#include "data/book.h"

enum {
    /* Bytes of postings that a request may read after the first records. What takes as long as
     * reading some of them counts as these: a name (data/term.c), a long search in a hash table
     * (data/list_record.c), comparisons of many initials (data/search.c). So the time of any
     * request has a bound, some milliseconds. */
    SEARCH_BYTES = 1 << 20,
};

/* Appends the answer to a folded request of at most BOOK_WORD_MAX bytes that is not
 * a name of the book. Lines are separated by separator. Returns 1 for offices, 2 for a
 * list (matches.h), 0 if nothing matches, -1 if the book is broken. */
int search_words(const struct book *book, struct span folded, struct span separator,
                 struct text *out);

#endif
