/* A deadline for calls that have none: libldap waits without limit for a TLS handshake
 * and for the rest of a message that has begun. When the deadline passes, a thread shuts
 * the connection down, and the call fails. */
#ifndef LOOKUP_SYNC_BREAKER_H
#define LOOKUP_SYNC_BREAKER_H

#include "net/deadline.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

struct breaker {
    pthread_t thread;
    int socket;
    int stop[2]; /* a pipe; its writing end closed: the thread ends */
    _Atomic deadline until;
    atomic_bool broken; /* it has shut the socket down */
};

/* Watches socket, which must stay open until breaker_stop. 0, or -1 and errno. */
int breaker_start(struct breaker *breaker, int socket, deadline until);

/* Moves the deadline. It may pass up to a second late. */
void breaker_set(struct breaker *breaker, deadline until);
void breaker_stop(struct breaker *breaker);

#endif
