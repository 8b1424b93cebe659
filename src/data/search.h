/* Who is meant by a request that is no name: by words of names, initials, names without their
 * marks, in any order. lookup-book(5), WORDS, has the rules. */
#ifndef LOOKUP_SEARCH_H
#define LOOKUP_SEARCH_H

#include "data/book.h"

enum {
    SEARCH_BYTES = 1 << 20, /* of postings that a request may have read, beside the first records */
    SEARCH_NAMES = 64,      /* names that it may have compared */
};

/* Appends what is to be answered where no name is the folded name, which has at most
 * BOOK_WORD_MAX bytes; lines are parted by separator. 1 the offices of somebody,
 * 2 a list as matches_answer writes it, 0 nobody, -1 the book is broken. */
int search_words(const struct book *book, struct span folded, struct span separator,
                 struct text *out);

#endif
