/* The client's side of an exchange: connect, send, receive. Nothing in it waits but for a
 * resolver, so many can go on at a time. */
#ifndef LOOKUP_ASK_H
#define LOOKUP_ASK_H

#include "data/bytes.h"
#include "net/deadline.h"
#include "net/servers.h"

#include <poll.h>
#include <stdbool.h>

enum {
    /* A datagram that is as long as this is answered whole, whatever the answer: 3 times it
     * with its headers (20 + 8 bytes; 40 + 8 for IPv6) is more than the longest answer with
     * its own, 512 + 28 bytes, or 48. */
    ASK_PADDED = 152,
    ASK_FAULT_MAX = 1024, /* bytes of what is said of all servers */
};

/* What to do at each step of the way; each may be NULL. */
struct ask_steps {
    void (*connected)(const struct ask_steps *steps, const struct sockaddr *address);
    void (*sending)(const struct ask_steps *steps);
    void *context;
};

enum ask_state { ASK_CONNECTING, ASK_SENDING, ASK_RECEIVING, ASK_ANSWERED, ASK_FAILED };

struct ask {
    enum ask_state state;
    int fd; /* to be waited for, as long as the state is none of the last two */
    /* May be set after ask_begin: the server is left to end the connection, for its own side
     * of it has to be remembered for a minute (TIME-WAIT, RFC 9293, section 3.6.1), and a
     * client has but some 28,000 ports. */
    bool server_ends;
    /* For ask.c alone. */
    struct servers *servers;
    const struct ask_steps *steps;
    struct span request;
    struct text *answer;
    bool datagram;
    size_t start;   /* the first server that was tried */
    size_t tried;   /* servers, before this one */
    size_t first;   /* address of this one that was tried; others may find a better one meanwhile */
    size_t address; /* addresses of this one, before this address */
    deadline until;
    deadline server_until;
    deadline address_until;
    deadline half_close; /* 0: done, or not to be done */
    struct span unsent;
    char padded[ASK_PADDED];
    size_t fault_len;
    char fault[ASK_FAULT_MAX]; /* after ASK_FAILED: a line */
};

/* Begins to send request, a line, to the first of servers that can be reached, and to append
 * the answer to answer: all there is up to EOF, or one datagram. Every address of every
 * server is tried; a blackhole, or with several servers one that never answers, takes no more
 * than its share of the time. If the answer is too long for a datagram it is asked for by
 * TCP. What arrived before a failure is in answer. All of this must stay. */
void ask_begin(struct ask *ask, struct servers *servers, struct span request, deadline until,
               const struct ask_steps *steps, struct text *answer);

/* Goes on as far as it can without waiting; to be called when fd is ready or ask_wake has
 * come. True: it is over. */
bool ask_go_on(struct ask *ask);

/* What fd is to be ready for, and by when. */
short ask_events(const struct ask *ask);
deadline ask_wake(const struct ask *ask);

/* All of it. True: answered. */
bool ask_and_wait(struct ask *ask, struct servers *servers, struct span request, deadline until,
                  const struct ask_steps *steps, struct text *answer);

/* Lets go of it, whatever its state. */
void ask_end(struct ask *ask);

#endif
