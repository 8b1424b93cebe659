#include "server/budget.h"

#include <stdlib.h>

void *memory_take(struct memory *memory, struct link *holder, size_t bytes) {
    while (memory->used + bytes > memory->max) {
        struct link *oldest = queue_head(&memory->holders);
        if (oldest == NULL || oldest == holder)
            return NULL;
        memory->evict(memory->context, oldest);
    }
    void *at = malloc(bytes);
    if (at == NULL)
        return NULL;
    memory->used += bytes;
    if (holder->next == NULL)
        queue_push(&memory->holders, holder);
    return at;
}

void memory_free(struct memory *memory, void *at, size_t bytes) {
    if (at == NULL)
        return;
    free(at);
    memory->used -= bytes;
}
