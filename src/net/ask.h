/* The client's side of an exchange: connects, sends, receives. It waits only for the
 * resolver, so many exchanges can run at a time. */
#ifndef LOOKUP_ASK_H
#define LOOKUP_ASK_H

#include "data/bytes.h"
#include "net/deadline.h"
#include "net/servers.h"

#include <poll.h>
#include <stdbool.h>

enum {
    /* A datagram of this length gets any answer whole. With its headers (20 + 8 bytes; 40 + 8
     * for IPv6), three times its length is more than the longest answer with its headers,
     * 512 + 28 bytes (512 + 48). */
    ASK_PADDED = 152,
    ASK_FAULT_MAX = 1024, /* bytes of the messages about all servers */
};

/* Functions to call at each step; each may be NULL. */
struct ask_steps {
    void (*connected)(const struct ask_steps *steps, const struct sockaddr *address);
    void (*sending)(const struct ask_steps *steps);
    void *context;
};

enum ask_state { ASK_CONNECTING, ASK_SENDING, ASK_RECEIVING, ASK_ANSWERED, ASK_FAILED };

struct ask {
    enum ask_state state;
    int fd; /* to wait for, unless the state is one of the last two */
    /* May be set after ask_begin: lets the server close the connection first. The side that
     * closes first keeps the port for a minute (TIME-WAIT, RFC 9293, section 3.6.1), and a
     * client has only about 28,000 ports. */
    bool server_ends;
    /* Only ask.c uses these. */
    struct servers *servers;
    const struct ask_steps *steps;
    struct span request;
    struct text *answer;
    bool datagram;
    size_t start;   /* index of the first server tried */
    size_t tried;   /* number of servers tried before this one */
    size_t first;   /* index of its first address tried; other exchanges may change server->first */
    size_t address; /* number of its addresses tried before this one */
    deadline until;
    deadline server_until;
    deadline address_until;
    deadline half_close; /* when to half-close; 0: done, or never */
    struct span unsent;
    char padded[ASK_PADDED];
    size_t fault_len;
    char fault[ASK_FAULT_MAX]; /* after ASK_FAILED: one line */
};

/* Begins to send request, a line, to the first server that can be reached, and to append
 * its answer to answer: all bytes up to EOF, or one datagram. Tries every address of every
 * server. An address that does not respond, or one of several servers that does not answer,
 * uses no more than its share of the time. Asks again by TCP if the answer is too long for a
 * datagram. After a failure, answer holds what arrived. All arguments must stay valid. */
void ask_begin(struct ask *ask, struct servers *servers, struct span request, deadline until,
               const struct ask_steps *steps, struct text *answer);

/* Continues as far as possible without waiting. Call it when fd is ready, or when ask_wake
 * has passed. Returns true if the exchange is over. */
bool ask_go_on(struct ask *ask);

/* Return the events to wait for on fd, and the deadline. */
short ask_events(const struct ask *ask);
deadline ask_wake(const struct ask *ask);

/* Does the whole exchange. Returns true if it was answered. */
bool ask_and_wait(struct ask *ask, struct servers *servers, struct span request, deadline until,
                  const struct ask_steps *steps, struct text *answer);

/* Closes it in any state. */
void ask_end(struct ask *ask);

#endif
