/* The counters of a worker. Only the worker writes them; other processes may read them at any
 * time. */
#ifndef LOOKUP_STATS_H
#define LOOKUP_STATS_H

#include "services/service.h"

#include <stdatomic.h>
#include <stdint.h>

enum { STATS_RESULTS = RESULT_FAULT + 1, STATS_BOUNDS = 12 };

/* Upper bounds of the histogram's buckets, in nanoseconds. One more bucket counts longer times. */
extern const int64_t stats_bounds[STATS_BOUNDS];

struct stats_service {
    _Atomic uint64_t results[STATS_RESULTS]; /* requests answered, by result */
    _Atomic uint64_t took[STATS_BOUNDS + 1]; /* measured requests, by bucket of stats_bounds */
    _Atomic uint64_t took_sum;               /* sum of the measured times, in ns */
};

struct stats {
    struct stats_service service[SERVICES_MAX]; /* by service_number */
    _Atomic uint64_t open;                      /* connections at this moment */
    _Atomic uint64_t accepted;                  /* connections so far */
    _Atomic uint64_t evicted;                   /* connections evicted so far */
    _Atomic uint64_t unanswered;                /* datagrams that got no answer */
    int64_t book; /* modification time of the book in use, in seconds since the epoch; 0: no book */
    _Atomic int64_t active;    /* deadline_now() of the last event */
    _Atomic int64_t heartbeat; /* deadline_now() of the event loop's last round */
};

/* Adds more to a counter that only the caller writes to. */
void stats_bump(_Atomic uint64_t *counter, uint64_t more);

/* Adds a request's time to the histogram. */
void stats_count_time(struct stats_service *stats, int64_t nanoseconds);

/* Adds the counters of stats to sum. sum->active becomes the later of both. The book and the
 * heartbeat of sum do not change. */
void stats_add(struct stats *sum, const struct stats *stats);

/* Return the number of requests of all services, with that result or in total. */
uint64_t stats_results(const struct stats *stats, enum result result);
uint64_t stats_requests(const struct stats *stats);

#endif
