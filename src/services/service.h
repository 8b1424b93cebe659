/* What a service is: a pure function from the bytes of a request to the bytes
 * of an answer. It knows no descriptor, no clock and no file; what it may know
 * of the world is handed to it. Whoever moves the bytes (net/, server/) knows
 * services only by this header. */
#ifndef LOOKUP_SERVICE_H
#define LOOKUP_SERVICE_H

#include "data/book.h"
#include "data/bytes.h"

#include <time.h>

enum {
    REQUEST_BUFFER = 17 * 1024, /* room for the longest request of any service */
    ANSWER_MAX = 54 * 1024,     /* no answer of any service is longer */
};

/* Why the bytes that are there are taken for the request. */
enum ending {
    ENDING_WHOLE, /* its end was found in it */
    ENDING_EOF,   /* the client will send no more */
    ENDING_QUIET, /* no end yet, but no byte for the service's quiet time */
    ENDING_LATE,  /* no end yet, and the deadline has passed */
};

struct request {
    char *at;
    size_t len;   /* bytes received; what follows the request is among them */
    size_t cap;   /* at most this many fit */
    size_t whole; /* after ENDING_WHOLE: the bytes up to and with the end */
    bool cut;     /* too long: bytes before these were dropped */
    enum ending ending;
};

/* For the log and the statistics; the client sees only the answer. */
enum result {
    RESULT_HIT,
    RESULT_MISS,
    RESULT_REFUSED, /* not a proper request */
    RESULT_LATE,    /* timed out */
    RESULT_FAULT,   /* the book is missing or broken: ours, not the client's */
};

struct request_context {
    struct timespec now;
    const struct book *book; /* NULL: there is none that can be used */
};

struct service {
    const char *name;
    int port; /* where clients expect it, TCP */
    bool needs_book;
    bool book_optional; /* a missing book is a fault only when something is asked of it */
    bool tells_time;    /* wants context.now, and the time zone read beforehand */
    bool has_sessions;  /* can answer several requests on one connection */
    bool has_datagrams; /* a request can be a datagram */
    int quiet_ms;       /* a request may end by silence this long; 0: never */
    size_t request_max; /* bytes of buffer it wants, at most REQUEST_BUFFER */

    /* Looks for the request's end, bytes before from having been looked at by
     * an earlier call. True: found, and request->whole says where. May drop
     * bytes of a request that is too long anyway (and then sets cut). */
    bool (*frame)(struct request *request, size_t from);

    /* Appends the answer to an ended request to out, which has room for
     * ANSWER_MAX bytes. */
    enum result (*answer)(const struct request *request, const struct request_context *context,
                          struct text *out);
};

extern const struct service lookup_service;
extern const struct service clock_service;
extern const struct service hello_service;

/* The service of that name, or NULL. */
const struct service *service_named(const char *name);

enum { SERVICE_NAMES_MAX = 256 }; /* bytes of a list of all names */

/* Writes the names of all services, last before the last one and between before
 * the others: "lookup, clock or hello". Returns list. */
const char *service_names(const char *between, const char *last, char list[SERVICE_NAMES_MAX]);

/* In a word, for the log. */
const char *result_name(enum result result);

#endif
