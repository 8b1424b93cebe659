/* Finds a record of the word index. Such a search must not take long, whatever names are in the
 * book. In each hash table of a book that lookup-book made, the lists are before the names, so a
 * search that reads a name is over. Another program may place names first. Then a list is found
 * only if none of the names before it is read: none has its hash, and fewer than LIST_SLOTS_FREE
 * slots are before it. check refuses a book in which that hides a list.
 *
 * What a search passes counts towards what its request may read, at the prices below. compile makes
 * no book in which a search could cost more than LIST_SEARCH_MAX. So words that were chosen to
 * collide do not hide others. The book of another program may be dearer; then the answer is "and
 * more" as soon as the allowance is used up. */
#ifndef LOOKUP_LIST_RECORD_H
#define LOOKUP_LIST_RECORD_H

#include "data/postings.h"

enum {
    LIST_SLOTS_FREE = 256,        /* slots of a hash table that a search passes without a charge */
    LIST_SLOT_COST = 8,           /* of each further slot: it has so many bytes */
    LIST_RECORD_COST = CDB_PIECE, /* of a record that is read in vain, as another of that hash is */
    LIST_SEARCH_MAX = 128 * 1024, /* the most that a search costs in a book that compile made */
};

/* Finds the record under key. Returns 1, 0 if there is none, or -1 if the book is broken. Takes the
 * cost off list's allowance; if that is used up, it returns 0. */
int list_record_find(const struct postings *list, struct span key, struct cdb_record *record);

#endif
