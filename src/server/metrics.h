/* The server's metrics, at /metrics of the service hello. They are in the text format of
 * Prometheus (its documentation, "Exposition formats", version 0.0.4) and sum up all workers.
 * They contain nothing of the names that clients ask for. */
#ifndef LOOKUP_METRICS_H
#define LOOKUP_METRICS_H

#include "data/book.h"
#include "server/stats.h"

#include <time.h>

struct metrics {
    const struct stats
        *workers; /* count of these; the workers may write to them at the same time */
    size_t count;
    const char *version; /* the program's version */
    time_t started;      /* when the server started */
};

/* Appends the metrics to out. metrics is a struct metrics; its type fits the callback of struct
 * request_context. book is the book in use, or NULL. */
void metrics_put(const void *metrics, const struct book *book, struct text *out);

#endif
