/* A word of a request, or several that hyphens join, and the list in which the index has it. */
#ifndef LOOKUP_TERM_H
#define LOOKUP_TERM_H

#include "data/postings.h"

struct term {
    size_t first; /* index of its first word in the request */
    size_t count;
    bool is_plain; /* skip names that have the word with marks */
    struct postings list;
    uint32_t named; /* postings whose reading would have taken as long as that of the names read */
    struct posting_brief ahead[POSTINGS_BRIEFS]; /* postings that were read last */
    int ahead_count;
    int at; /* the first of them that may be a candidate's */
};

/* An entry that may match. */
struct candidate {
    uint32_t entry;
    bool agrees;   /* all its words have the marks of the request */
    bool is_whole; /* its name has no further words */
    bool is_out;
};

/* Rejects candidates that are not in the list of term. They are in ascending order, and all beyond
 * those of the call before. For a few candidates far ahead in a long list it reads their names
 * instead, where that seems to take no longer in all than the list would. If the list's allowance
 * is used up, the rest of them are rejected, too. Returns 0, or -1 if the book is broken. */
int term_filter(struct term *term, struct candidate *candidates, size_t count);

#endif
