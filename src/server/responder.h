/* Where requests are answered, whatever socket they came by: the service is
 * asked, the result counted and, if wanted, logged. Keeps the address book
 * current: a replaced file is seen by the next request, a broken one is not
 * taken, and what is in use is let go only when the new one is open. */
#ifndef LOOKUP_RESPONDER_H
#define LOOKUP_RESPONDER_H

#include "server/stats.h"
#include "services/service.h"

#include <sys/socket.h>
#include <sys/stat.h>

struct responder {
    const char *path; /* of the book; NULL: no service needs one */
    bool verbose;
    struct stats *stats;
    struct book book;
    bool has_book;
    bool book_wanted;  /* a missing book is a fault though nobody has asked for it */
    int book_error;    /* why the file that was last tried could not be opened; 0: it could */
    bool fault_logged; /* of the file that is there now */
    bool fault_told;   /* somebody else logs what becomes of the file */
    bool try_again;    /* the file is there, but memory or descriptors had run out */
    struct stat seen;  /* the file last tried; zero if there was none */
};

/* Looks whether the book was replaced. To be called after requests were
 * received and before they are answered: one call does for all of them. */
void book_reload_if_changed(struct responder *responder);

/* Who asks, for the log: the sender of a datagram, else the peer of fd. */
struct caller {
    int fd;
    const struct sockaddr *address;
};

/* Appends the answer to out, without a word to anybody. */
enum result responder_ask(const struct responder *responder, const struct service *service,
                          const struct request *request, struct text *out);

/* To be called when something was asked of the book and there was none to be had:
 * logs why, if that was not done. */
void responder_want_book(struct responder *responder);

/* The same, counted and logged. */
void responder_answer(struct responder *responder, const struct service *service,
                      const struct request *request, struct caller caller, struct text *out);

#endif
