/* Finds a record of the word index. Such a search must not take long, whatever names are in the
 * book. In each hash table of a book that lookup-book made, the lists are before the names, so a
 * search that meets a name is over. Another program may place names first. Then a list is found
 * only if fewer than 256 slots are before it, or none of them is a name's; check refuses a book in
 * which that hides one. */
#ifndef LOOKUP_LIST_RECORD_H
#define LOOKUP_LIST_RECORD_H

#include "data/postings.h"

/* Finds the record under key. Returns 1, 0 if there is none, or -1 if the book is broken. A long
 * search takes its cost off list's allowance; if that is used up, it returns 0. */
int list_record_find(const struct postings *list, struct span key, struct cdb_record *record);

#endif
