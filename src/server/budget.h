/* Limits the memory that all connections together may allocate beyond their fixed size.
 * At the limit, the budget evicts a connection of the origin (places.h) that holds most
 * memory: the one that has held memory for longest. */
#ifndef LOOKUP_BUDGET_H
#define LOOKUP_BUDGET_H

#include "server/list.h"

#include <stdint.h>

struct holder {
    struct link link; /* in no list while bytes is 0 */
    unsigned origin;  /* less than the origins of budget_open */
    size_t bytes;
};

struct budget {
    size_t used;
    size_t max;
    struct list holders;                                 /* those with bytes > 0, oldest first */
    uint32_t *by_origin;                                 /* bytes held by each origin */
    void (*evict)(void *context, struct holder *holder); /* must free all that holder holds */
    void *context;
};

/* Starts an empty budget of max bytes for that number of origins. The caller then sets
 * evict and context. Returns 0, or -1 with errno. */
int budget_open(struct budget *budget, size_t max, unsigned origins);
void budget_close(struct budget *budget);

/* Allocates bytes for holder. Evicts other holders if that is necessary. Returns NULL if there
 * is no memory, or if holder itself is the one to evict. */
void *budget_take(struct budget *budget, struct holder *holder, size_t bytes);

/* Frees memory from budget_take. bytes is the size that was allocated. at may be NULL. */
void budget_free(struct budget *budget, struct holder *holder, void *at, size_t bytes);

#endif
