/* Limits the memory that clients can make a server hold beyond the fixed part of each
 * connection. At the limit, the source that holds most (places.h) loses some: its
 * connection that has held memory for longest is closed. */
#ifndef LOOKUP_BUDGET_H
#define LOOKUP_BUDGET_H

#include "server/list.h"

#include <stdint.h>

struct holder {
    struct link link; /* in no list while it holds nothing */
    unsigned source;  /* below the number of sources */
    size_t bytes;
};

struct budget {
    size_t used;
    size_t max;
    struct list holders; /* those that hold some, the oldest first */
    uint32_t *by_source; /* bytes held by each source */
    void (*evict)(void *context, struct holder *holder); /* must release all it holds */
    void *context;
};

/* Nothing is held, by any of so many sources. evict and context are the caller's to set.
 * 0; -1 errno. */
int budget_open(struct budget *budget, size_t max, unsigned sources);
void budget_close(struct budget *budget);

/* Allocates bytes more for holder, and evicts others if it must. NULL if there is no memory, or
 * if holder itself would have to be evicted. */
void *budget_take(struct budget *budget, struct holder *holder, size_t bytes);

/* Frees what budget_take gave to holder; at may be NULL. */
void budget_free(struct budget *budget, struct holder *holder, void *at, size_t bytes);

#endif
