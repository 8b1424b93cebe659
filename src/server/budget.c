#include "server/budget.h"

#include <stdlib.h>

int budget_open(struct budget *budget, size_t max, unsigned origins) {
    /* calloc and not memset: pages of origins that never count stay untouched. */
    *budget = (struct budget){.max = max, .by_origin = calloc(origins, sizeof(uint32_t))};
    list_init(&budget->holders);
    return budget->by_origin == NULL ? -1 : 0;
}

void budget_close(struct budget *budget) {
    free(budget->by_origin);
}

/* Returns the oldest holder of the origin that would hold most memory if taker got bytes more,
 * or NULL if nobody holds any. */
static struct holder *budget_victim(const struct budget *budget, const struct holder *taker,
                                    size_t bytes) {
    const struct link *end = &budget->holders.ends;
    struct holder *victim = NULL;
    size_t most = 0;
    for (struct link *at = end->next; at != end; at = at->next) {
        struct holder *holder = container_of(at, struct holder, link);
        size_t held = budget->by_origin[holder->origin];
        if (holder->origin == taker->origin)
            held += bytes;
        if (held > most) {
            most = held;
            victim = holder;
        }
    }
    return victim;
}

void *budget_take(struct budget *budget, struct holder *holder, size_t bytes) {
    while (budget->used + bytes > budget->max) {
        struct holder *victim = budget_victim(budget, holder, bytes);
        if (victim == NULL || victim == holder)
            return NULL;
        budget->evict(budget->context, victim);
    }
    void *at = malloc(bytes);
    if (at == NULL)
        return NULL;
    budget->used += bytes;
    budget->by_origin[holder->origin] += (uint32_t)bytes;
    if (holder->bytes == 0)
        list_push(&budget->holders, &holder->link);
    holder->bytes += bytes;
    return at;
}

void budget_free(struct budget *budget, struct holder *holder, void *at, size_t bytes) {
    if (at == NULL)
        return;
    free(at);
    budget->used -= bytes;
    budget->by_origin[holder->origin] -= (uint32_t)bytes;
    holder->bytes -= bytes;
    if (holder->bytes == 0)
        list_remove(&holder->link);
}
