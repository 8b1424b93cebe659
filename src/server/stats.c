#include "server/stats.h"

const int64_t stats_bounds[STATS_BOUNDS] = {
    10000,   25000,   50000,   100000,   250000,    500000,
    1000000, 2500000, 5000000, 10000000, 100000000, 1000000000,
};

static uint64_t get(const _Atomic uint64_t *value) {
    return atomic_load_explicit(value, memory_order_relaxed);
}

/* There is only one writer, so an atomic addition is not necessary. */
void stats_bump(_Atomic uint64_t *counter, uint64_t more) {
    atomic_store_explicit(counter, get(counter) + more, memory_order_relaxed);
}

void stats_count_time(struct stats_service *stats, int64_t nanoseconds) {
    size_t bucket = 0;
    while (bucket < STATS_BOUNDS && nanoseconds > stats_bounds[bucket])
        bucket++;
    stats_bump(&stats->took[bucket], 1);
    stats_bump(&stats->took_sum, (uint64_t)nanoseconds);
}

static void stats_add_service(struct stats_service *sum, const struct stats_service *stats) {
    for (size_t i = 0; i < STATS_RESULTS; i++)
        stats_bump(&sum->results[i], get(&stats->results[i]));
    for (size_t i = 0; i <= STATS_BOUNDS; i++)
        stats_bump(&sum->took[i], get(&stats->took[i]));
    stats_bump(&sum->took_sum, get(&stats->took_sum));
}

void stats_add(struct stats *sum, const struct stats *stats) {
    for (size_t i = 0; i < SERVICES_MAX; i++)
        stats_add_service(&sum->service[i], &stats->service[i]);
    stats_bump(&sum->open, get(&stats->open));
    stats_bump(&sum->accepted, get(&stats->accepted));
    stats_bump(&sum->evicted, get(&stats->evicted));
    stats_bump(&sum->unanswered, get(&stats->unanswered));
    if (sum->active < stats->active)
        sum->active = stats->active;
}

uint64_t stats_results(const struct stats *stats, enum result result) {
    uint64_t all = 0;
    for (size_t i = 0; i < SERVICES_MAX; i++)
        all += get(&stats->service[i].results[result]);
    return all;
}

uint64_t stats_requests(const struct stats *stats) {
    uint64_t all = 0;
    for (size_t i = 0; i < STATS_RESULTS; i++)
        all += stats_results(stats, (enum result)i);
    return all;
}
