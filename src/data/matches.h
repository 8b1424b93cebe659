/* Entries that a request may mean, as they are found, and what is answered of them. */
#ifndef LOOKUP_MATCHES_H
#define LOOKUP_MATCHES_H

#include "data/book.h"

enum { MATCHES_WHOLE_MAX = 64 }; /* of which the names are compared */

/* The first of a kind of matches, in the order of the book, and how many there are. */
struct matches_kind {
    uint32_t at[BOOK_LINES_MAX];
    uint32_t kept;
    uint32_t count;
};

struct matches {
    struct matches_kind all;
    struct matches_kind best; /* their marks agree, or the request stands for the whole name */
    uint32_t whole[MATCHES_WHOLE_MAX]; /* entries for whose whole name it stands */
    bool whole_agrees[MATCHES_WHOLE_MAX];
    uint32_t whole_count;
    uint32_t whole_dropped; /* of them do not agree */
    bool is_cut;            /* there may be more: no more was to be read */
};

/* Notes an entry; is_new: it was not counted before. */
void matches_add(struct matches *matches, uint32_t entry, bool agrees, bool is_whole, bool is_new);

/* Appends the answer: the offices of the one name for which the request stands whole; else, for
 * each of the best, else of all, "Name: office", at most BOOK_LINES_MAX, and then "and N more".
 * The first ": " of such a line ends the name: in the name itself the blank is a no-break space.
 * 1: offices, 2: a list, 0: there is no match, -1: the book is broken. */
int matches_answer(const struct matches *matches, const struct book *book, struct span separator,
                   struct text *out);

#endif
