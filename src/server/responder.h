/* Where requests are answered, whatever socket they came by: the service is
 * asked, the result counted and, if wanted, logged. Keeps the address book
 * current: a replaced file is seen by the next request, a broken one is not
 * taken, and what is in use is let go only when the new one is open. A file that
 * was changed in place is not used until all of it is sound: what was found in it
 * meanwhile is not sent. */
#ifndef LOOKUP_RESPONDER_H
#define LOOKUP_RESPONDER_H

#include "server/metrics.h"
#include "services/service.h"

#include <sys/socket.h>
#include <sys/stat.h>

struct responder {
    const char *path; /* of the book; NULL: no service needs one */
    bool verbose;
    struct stats *stats;
    struct metrics *metrics; /* what hello tells; NULL: nothing, and no time is taken */
    int64_t woken;           /* with metrics: when the loop last heard of anything, in ns */
    struct book book;
    bool has_book;
    bool book_wanted;  /* a missing book is a fault though nobody has asked for it */
    int book_error;    /* why the file that was last tried could not be opened; 0: it could */
    bool fault_logged; /* of the file that is there now */
    bool fault_told;   /* somebody else logs what becomes of the file */
    bool in_place;     /* the file that is there was changed since it was first seen */
    bool try_again;    /* the file is there, but memory or descriptors had run out */
    struct stat seen;  /* the file last tried; zero if there was none */
    struct stat used;  /* the file that book is; with has_book */
};

/* Looks whether the book was replaced. To be called after requests were
 * received and before they are answered: one call does for all of them. */
void book_reload_if_changed(struct responder *responder);

/* True: the book was changed in place, and what was answered since the call above must
 * not be sent but asked for anew. To be called before answers are sent. */
bool book_changed_meanwhile(struct responder *responder);

/* Who asks, for the log: the sender of a datagram, else the peer of fd. */
struct caller {
    int fd;
    const struct sockaddr *address;
};

/* When the book in use was made, in seconds since the epoch; 0: there is none. */
time_t responder_book_time(const struct responder *responder);

/* To be called when something was asked of the book and there was none to be had:
 * logs why, if that was not done. */
void responder_want_book(struct responder *responder);

/* Now is when the loop has heard of what is answered next. */
void responder_woken(struct responder *responder);

/* Appends the answer to out; the request is counted and logged. */
enum result responder_answer(struct responder *responder, const struct service *service,
                             const struct request *request, struct caller caller, struct text *out);

/* To be called when a proxy's connection did not begin with the header that is due (proxy.h): it
 * counts as a refused request, and is logged as one. */
void responder_refuse_header(struct responder *responder, const struct service *service,
                             struct span came, struct caller caller);

/* Lets go of the book. */
void responder_close(struct responder *responder);

#endif
