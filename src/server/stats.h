/* What a worker has done so far. One process writes, another may read. */
#ifndef LOOKUP_STATS_H
#define LOOKUP_STATS_H

#include "services/service.h"

#include <stdatomic.h>
#include <stdint.h>

enum { STATS_RESULTS = RESULT_FAULT + 1 };

struct stats {
    _Atomic uint64_t results[STATS_RESULTS]; /* requests answered, by result */
    _Atomic uint64_t open;                   /* connections at this moment */
    int64_t book; /* when the book in use was made, in seconds since the epoch; 0: there is none */
    int64_t book; /* when the book in use was made, in seconds since the epoch; 0: there is none */
    _Atomic int64_t active;    /* deadline_now() when it last had anything to do */
    _Atomic int64_t heartbeat; /* ... when its loop last came round */
};

void stats_count(struct stats *stats, enum result result);

/* Adds to sum what stats has counted; active becomes the later of both, book stays as it is. */
void stats_add(struct stats *sum, const struct stats *stats);
uint64_t stats_requests(const struct stats *stats);

#endif
