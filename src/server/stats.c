#include "server/stats.h"

static uint64_t get(const _Atomic uint64_t *value) {
    return atomic_load_explicit(value, memory_order_relaxed);
}

/* There is one writer, so this need not be one step. */
static void add(_Atomic uint64_t *value, uint64_t more) {
    atomic_store_explicit(value, get(value) + more, memory_order_relaxed);
}

void stats_count(struct stats *stats, enum result result) {
    add(&stats->results[result], 1);
}

void stats_add(struct stats *sum, const struct stats *stats) {
    for (size_t i = 0; i < STATS_RESULTS; i++)
        add(&sum->results[i], get(&stats->results[i]));
    add(&sum->open, get(&stats->open));
    if (sum->active < stats->active)
        sum->active = stats->active;
}

uint64_t stats_requests(const struct stats *stats) {
    uint64_t all = 0;
    for (size_t i = 0; i < STATS_RESULTS; i++)
        all += get(&stats->results[i]);
    return all;
}
