/* Answers requests from any kind of socket: calls the service, counts the result and, if
 * wanted, logs it. Keeps the address book current. The next request sees a file that was
 * replaced. A broken file is not used, and the old one is closed only after the new one is
 * open. A file that was changed in place is not used until all of it is sound. An answer
 * that was read while it changed is not sent. */
#ifndef LOOKUP_RESPONDER_H
#define LOOKUP_RESPONDER_H

#include "server/metrics.h"
#include "services/service.h"

#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/stat.h>

/* What was logged of the book last; 0: nothing. Workers share it, and the first one that finds a
 * fault logs it. */
struct book_faults {
    _Atomic uint64_t unusable; /* the file that could not be opened; 0 when one has been opened */
    _Atomic uint64_t broken;   /* the open book that a request found broken */
};

struct responder {
    const char *path; /* of the book; NULL: no service needs one */
    bool verbose;
    struct stats *stats;
    struct metrics *metrics; /* what hello reports; NULL: nothing, and no time is measured */
    int64_t woken;           /* with metrics: when the loop last got events, in ns */
    struct book book;
    bool has_book;
    bool book_wanted;           /* a missing book is a fault even before a request needs it */
    int book_error;             /* errno of the last attempt to open the file; 0: it succeeded */
    struct book_faults *faults; /* logged by this process or another one */
    bool fault_logged;          /* the current file's fault has been logged */
    bool in_place;              /* the current file has changed since it was first seen */
    bool try_again;             /* the file is there, but memory or descriptors had run out */
    struct stat seen;           /* the file of the last attempt; zero if there was none */
    struct stat used;           /* the file of the open book; valid with has_book */
};

/* Opens the book again if it was replaced. Call it after receiving requests and before
 * answering them; one call is enough for all of them. */
void book_reload_if_changed(struct responder *responder);

/* Call it before sending answers. Returns true if the book was changed in place, and reloads it.
 * Then no answer made since the last call of book_reload_if_changed may be sent, and the
 * requests must be answered again. */
bool book_changed_meanwhile(struct responder *responder);

/* The client, for the log: the sender of a datagram, or else the peer of fd. */
struct caller {
    int fd;
    const struct sockaddr *address;
};

/* When the book in use was made, in seconds since the epoch; 0: there is none. */
time_t responder_book_time(const struct responder *responder);

/* Notes that the loop has just got the events that it handles next. */
void responder_woken(struct responder *responder);

/* Appends the answer to out, and counts and logs the request, unless it failed because the book
 * was changed in place (see book_changed_meanwhile). */
enum result responder_answer(struct responder *responder, const struct service *service,
                             const struct request *request, struct caller caller, struct text *out);

/* Call it when a proxy's connection does not begin with the header that is due (proxy.h).
 * Counts and logs it as a refused request. */
void responder_refuse_header(struct responder *responder, const struct service *service,
                             struct span came, struct caller caller);

/* Closes the book. */
void responder_close(struct responder *responder);

#endif
