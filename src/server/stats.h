/* What a worker has done so far. One process writes, others may read. */
#ifndef LOOKUP_STATS_H
#define LOOKUP_STATS_H

#include "services/service.h"

#include <stdatomic.h>
#include <stdint.h>

enum { STATS_RESULTS = RESULT_FAULT + 1, STATS_BOUNDS = 12 };

/* Of the buckets that times are counted in, in nanoseconds; longer ones are in a last bucket. */
extern const int64_t stats_bounds[STATS_BOUNDS];

struct stats_service {
    _Atomic uint64_t results[STATS_RESULTS]; /* requests answered, by result */
    _Atomic uint64_t took[STATS_BOUNDS + 1]; /* ... by how long that took, if it is measured */
    _Atomic uint64_t took_sum;               /* ns, all together */
};

struct stats {
    struct stats_service service[SERVICES_MAX]; /* by service_number */
    _Atomic uint64_t open;                      /* connections at this moment */
    _Atomic uint64_t accepted;                  /* connections so far */
    _Atomic uint64_t evicted;                   /* ... closed to make room */
    _Atomic uint64_t unanswered;                /* datagrams that got no answer */
    int64_t book; /* when the book in use was made, in seconds since the epoch; 0: there is none */
    _Atomic int64_t active;    /* deadline_now() when it last had anything to do */
    _Atomic int64_t heartbeat; /* ... when its loop last came round */
};

/* Adds to a counter, of which there is one writer. */
void stats_bump(_Atomic uint64_t *counter, uint64_t more);

/* Counts how long a request took. */
void stats_count_time(struct stats_service *stats, int64_t nanoseconds);

/* Adds to sum what stats has counted; active becomes the later of both, book stays as it is. */
void stats_add(struct stats *sum, const struct stats *stats);

/* Requests of all services: with that result, and all of them. */
uint64_t stats_results(const struct stats *stats, enum result result);
uint64_t stats_requests(const struct stats *stats);

#endif
