/* A cap on the memory that clients can make a server hold beyond the fixed
 * part of each connection. Who has held some for longest loses it first. */
#ifndef LOOKUP_BUDGET_H
#define LOOKUP_BUDGET_H

#include "server/list.h"

struct memory {
    size_t used;
    size_t max;
    struct queue holders;                              /* those with some, the oldest first */
    void (*evict)(void *context, struct link *holder); /* must release all it holds */
    void *context;
};

/* Allocates bytes more for the holder whose link this is; NULL if there are
 * none to be had even after evicting every holder before it. */
void *memory_take(struct memory *memory, struct link *holder, size_t bytes);

/* Frees what memory_take gave; at may be NULL. The holder leaves the queue of
 * holders (queue_remove) when it has none left. */
void memory_free(struct memory *memory, void *at, size_t bytes);

#endif
