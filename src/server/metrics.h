/* What a server tells about itself at /metrics of the service hello, in the text format of
 * Prometheus (its documentation, "Exposition formats", version 0.0.4): figures of all its
 * workers, and never anything of the names that were asked for. */
#ifndef LOOKUP_METRICS_H
#define LOOKUP_METRICS_H

#include "data/book.h"
#include "server/stats.h"

#include <time.h>

struct metrics {
    const struct stats *workers; /* count of them, which may be counting meanwhile */
    size_t count;
    const char *version; /* of the program */
    time_t started;      /* when that was */
};

/* Appends the figures; book: the one in use, NULL if there is none. For struct
 * request_context: metrics is a struct metrics. */
void metrics_put(const void *metrics, const struct book *book, struct text *out);

#endif
