/* A service is a pure function from the bytes of a request to the bytes of an
 * answer. It uses no descriptor, clock or file: everything it needs is passed to
 * it. The code that moves the bytes (net/, server/) knows services only by this
 * header. */
#ifndef LOOKUP_SERVICE_H
#define LOOKUP_SERVICE_H

#include "data/book.h"
#include "data/bytes.h"
#include "data/names.h"

#include <time.h>

enum {
    REQUEST_BUFFER = 17 * 1024, /* large enough for the requests of all services */
    ANSWER_MAX = 54 * 1024,     /* maximum size of an answer of any service */
};

/* How the request ended. */
enum ending {
    ENDING_WHOLE, /* frame() found its end */
    ENDING_EOF,   /* the client sends no more (end of file) */
    ENDING_QUIET, /* no end yet, and no byte for the service's quiet time */
    ENDING_LATE,  /* no end yet, and the deadline has passed */
};

struct request {
    char *at;
    size_t len;   /* bytes received, possibly with bytes after the request */
    size_t cap;   /* size of the buffer */
    size_t whole; /* after ENDING_WHOLE: length including the end */
    bool cut;     /* too long: earlier bytes were dropped */
    enum ending ending;
};

/* For the log and the statistics; clients see only the answer. */
enum result {
    RESULT_HIT,
    RESULT_MISS,
    RESULT_REFUSED, /* invalid request */
    RESULT_LATE,    /* timed out */
    RESULT_FAULT,   /* missing or broken book: the operator's fault, not the client's */
};

struct request_context {
    struct timespec now;
    const struct book *book; /* NULL: no usable book */
    /* Appends what the server tells about itself, of metrics; NULL: it tells nothing. */
    void (*put_metrics)(const void *metrics, const struct book *book, struct text *out);
    const void *metrics;
};

struct service {
    const char *name;
    int port; /* default TCP port */
    bool needs_book;
    bool book_optional; /* a missing book is a fault only when a request needs it */
    bool tells_time;    /* needs context.now, and the time zone loaded in advance */
    bool has_sessions;  /* can answer several requests on one connection */
    bool has_datagrams; /* a request can be a datagram */
    int quiet_ms;       /* silence of this length ends a request; 0: never */
    size_t request_max; /* size of buffer it needs, at most REQUEST_BUFFER */

    /* What lookup(1) must know. NULL: lookup(1) cannot ask the service, or there is no hint. */
    const char *unknown; /* how the answer to an unknown request begins */
    const char *prompt;  /* asks for a request on a terminal */
    const char *hint;    /* comes after the answer to an unknown request there */

    /* Looks for the end of the request; an earlier call has looked at the bytes
     * before from. Returns true and sets request->whole if it is found. May drop
     * bytes of a request that is too long anyway; then it sets cut. */
    bool (*frame)(struct request *request, size_t from);

    /* Appends the answer to an ended request to out, which has room for ANSWER_MAX
     * bytes. */
    enum result (*answer)(const struct request *request, const struct request_context *context,
                          struct text *out);
};

extern const struct service lookup_service;
extern const struct service clock_service;
extern const struct service hello_service;

/* Returns the service of that name, or NULL. */
const struct service *service_named(const char *name);

enum { SERVICES_MAX = 4 }; /* services, at most; they are numbered from 0 */

/* Returns the service of that number, or NULL after the last one. */
const struct service *service_at(size_t number);

/* Returns the number of a service. */
size_t service_number(const struct service *service);

enum { SERVICE_NAMES_MAX = NAMES_MAX };

/* Writes the names of all services to list, see names_list. Returns list. */
const char *service_names(const char *between, const char *last, char list[SERVICE_NAMES_MAX]);

/* Returns a word for the log. */
const char *result_name(enum result result);

#endif
