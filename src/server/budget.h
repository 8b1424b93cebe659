/* A cap on the memory that clients can make a server hold beyond the fixed
 * part of each connection. Who has held some for longest loses it first. */
#ifndef LOOKUP_BUDGET_H
#define LOOKUP_BUDGET_H

#include "server/list.h"

struct budget {
    size_t used;
    size_t max;
    struct list holders;                               /* those with some, the oldest first */
    void (*evict)(void *context, struct link *holder); /* must release all it holds */
    void *context;
};

/* Allocates bytes more for the holder whose link this is; NULL if there are
 * none to be had even after evicting every holder before it. */
void *budget_take(struct budget *budget, struct link *holder, size_t bytes);

/* Frees what budget_take gave; at may be NULL. The holder leaves the list of
 * holders (list_remove) when it has none left. */
void budget_free(struct budget *budget, void *at, size_t bytes);

#endif
