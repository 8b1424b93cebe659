#include "server/metrics.h"

#include "data/entries.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

enum { METRICS_LINE = 256, NANOSECONDS = 1000000000 };

__attribute__((format(printf, 2, 3))) static void metrics_print(struct text *out,
                                                                const char *format, ...) {
    char line[METRICS_LINE];
    va_list values;
    va_start(values, format);
    vsnprintf(line, sizeof(line), format, values);
    va_end(values);
    text_put(out, span_of(line));
}

static void metrics_begin(struct text *out, const char *name, const char *type, const char *help) {
    metrics_print(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void metrics_put_one(struct text *out, const char *name, const char *type, const char *help,
                            uint64_t value) {
    metrics_begin(out, name, type, help);
    metrics_print(out, "%s %" PRIu64 "\n", name, value);
}

static void metrics_put_requests(const struct stats *sum, struct text *out) {
    metrics_begin(out, "lookup_requests_total", "counter", "Requests, by service and result.");
    for (size_t s = 0; service_at(s) != NULL; s++)
        for (size_t r = 0; r < STATS_RESULTS; r++)
            metrics_print(out, "lookup_requests_total{service=\"%s\",result=\"%s\"} %" PRIu64 "\n",
                          service_at(s)->name, result_name((enum result)r),
                          sum->service[s].results[r]);
}

/* Prometheus buckets are cumulative. The last one equals the count. */
static void metrics_put_histogram(const char *service, const struct stats_service *stats,
                                  struct text *out) {
    static const char name[] = "lookup_answer_seconds";
    uint64_t count = 0;
    for (size_t i = 0; i < STATS_BOUNDS; i++) {
        count += stats->took[i];
        metrics_print(out, "%s_bucket{service=\"%s\",le=\"%g\"} %" PRIu64 "\n", name, service,
                      (double)stats_bounds[i] / NANOSECONDS, count);
    }
    count += stats->took[STATS_BOUNDS];
    metrics_print(out, "%s_bucket{service=\"%s\",le=\"+Inf\"} %" PRIu64 "\n", name, service, count);
    metrics_print(out, "%s_sum{service=\"%s\"} %" PRIu64 ".%09" PRIu64 "\n", name, service,
                  stats->took_sum / NANOSECONDS, stats->took_sum % NANOSECONDS);
    metrics_print(out, "%s_count{service=\"%s\"} %" PRIu64 "\n", name, service, count);
}

static void metrics_put_times(const struct stats *sum, struct text *out) {
    metrics_begin(out, "lookup_answer_seconds", "histogram",
                  "From when the server heard of a request to when its answer was ready.");
    for (size_t s = 0; service_at(s) != NULL; s++)
        metrics_put_histogram(service_at(s)->name, &sum->service[s], out);
}

static void metrics_put_book(const struct book *book, struct text *out) {
    metrics_put_one(out, "lookup_book_usable", "gauge", "1 if there is a book to answer from.",
                    book != NULL);
    if (book == NULL)
        return;
    metrics_put_one(out, "lookup_book_modified_timestamp_seconds", "gauge",
                    "When the book in use was made.", (uint64_t)book->modified.tv_sec);
    metrics_put_one(out, "lookup_book_size_bytes", "gauge", "Size of the book in use.",
                    book->image.size);
    uint32_t entries;
    if (entries_count(book, &entries) > 0)
        metrics_put_one(out, "lookup_book_entries", "gauge", "Entries in the book in use.",
                        entries);
}

static void metrics_put_connections(const struct stats *sum, struct text *out) {
    metrics_put_one(out, "lookup_connections", "gauge", "Connections open now.", sum->open);
    metrics_put_one(out, "lookup_connections_accepted_total", "counter", "Connections accepted.",
                    sum->accepted);
    metrics_put_one(out, "lookup_connections_evicted_total", "counter",
                    "Connections closed before their time, to make room.", sum->evicted);
    metrics_put_one(out, "lookup_datagrams_unanswered_total", "counter",
                    "Datagrams consumed that got no answer: no request, not from a client, "
                    "or beyond the rate.",
                    sum->unanswered);
}

static void metrics_put_process(const struct metrics *metrics, struct text *out) {
    metrics_put_one(out, "lookup_workers", "gauge", "Processes that share the work.",
                    metrics->count);
    metrics_put_one(out, "lookup_start_time_seconds", "gauge",
                    "When the server was started, since the epoch.", (uint64_t)metrics->started);
    metrics_begin(out, "lookup_build_info", "gauge", "The program; always 1.");
    metrics_print(out, "lookup_build_info{version=\"%s\"} 1\n", metrics->version);
}

void metrics_put(const void *metrics, const struct book *book, struct text *out) {
    const struct metrics *m = metrics;
    struct stats sum = {0};
    for (size_t i = 0; i < m->count; i++)
        stats_add(&sum, &m->workers[i]);
    metrics_put_requests(&sum, out);
    metrics_put_times(&sum, out);
    metrics_put_connections(&sum, out);
    metrics_put_book(book, out);
    metrics_put_process(m, out);
}
