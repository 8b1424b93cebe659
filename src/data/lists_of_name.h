/* Says in which lists of the word index (data/postings.h) a name is. */
#ifndef LOOKUP_LISTS_OF_NAME_H
#define LOOKUP_LISTS_OF_NAME_H

#include "data/postings.h"

/* Calls give for each list that the folded name key of entry number is in, with its posting. One
 * list may be given several times; the first posting counts. Sets words. give returns 0, or -1 to
 * stop. Returns 0, or -1 if give stopped it. */
typedef int list_giver(void *context, struct span name, const struct posting *posting);
int lists_of_name(struct words *words, uint32_t number, struct span key, list_giver *give,
                  void *context);

#endif
