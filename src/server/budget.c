#include "server/budget.h"

#include <stdlib.h>

void *budget_take(struct budget *budget, struct link *holder, size_t bytes) {
    while (budget->used + bytes > budget->max) {
        struct link *oldest = list_head(&budget->holders);
        if (oldest == NULL || oldest == holder)
            return NULL;
        budget->evict(budget->context, oldest);
    }
    void *at = malloc(bytes);
    if (at == NULL)
        return NULL;
    budget->used += bytes;
    if (holder->next == NULL)
        list_push(&budget->holders, holder);
    return at;
}

void budget_free(struct budget *budget, void *at, size_t bytes) {
    if (at == NULL)
        return;
    free(at);
    budget->used -= bytes;
}
