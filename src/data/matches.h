/* Collects the entries that match a request, and writes the answer. */
#ifndef LOOKUP_MATCHES_H
#define LOOKUP_MATCHES_H

#include "data/book.h"

enum { MATCHES_WHOLE_MAX = 64 }; /* whole matches whose names are compared */

/* The first matches of a kind, in the order of the book, and their total number. */
struct matches_kind {
    uint32_t at[BOOK_LINES_MAX];
    uint32_t kept;
    uint32_t count;
};

struct matches {
    struct matches_kind all;
    struct matches_kind best;          /* matches with the same marks, and whole matches */
    uint32_t whole[MATCHES_WHOLE_MAX]; /* whole matches: the request matches the whole name */
    bool whole_agrees[MATCHES_WHOLE_MAX];
    uint32_t whole_count;
    uint32_t whole_dropped; /* whole matches whose marks differ */
    bool is_cut;            /* the search ended at its limit; there may be more */
};

/* Adds an entry. agrees: its marks are those of the request; is_whole: the request matches its
 * whole name; is_new: it was not counted before. */
void matches_add(struct matches *matches, uint32_t entry, bool agrees, bool is_whole, bool is_new);

/* Appends the answer. If the whole matches have one name, this is its offices, unless the search
 * was cut: it may have missed others that have another name. Otherwise it is a list: a line
 * "Name: office" for each of the best matches, or of all if there are no best ones, at most
 * BOOK_LINES_MAX, and then "and N more" or "and more". The first ": " of such a line ends the name:
 * in the name itself the space behind a colon is a no-break space. Returns 1 for offices, 2 for a
 * list, 0 without a match, -1 if the book is broken. */
int matches_answer(const struct matches *matches, const struct book *book, struct span separator,
                   struct text *out);

#endif
