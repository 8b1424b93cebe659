/* A deadline for calls that have none: libldap waits without limit for a TLS handshake
 * and for the rest of a message that has begun. When the deadline passes, a thread shuts
 * the connection down, and the call fails. */
#ifndef LOOKUP_SYNC_IO_DEADLINE_H
#define LOOKUP_SYNC_IO_DEADLINE_H

#include "net/deadline.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

struct io_deadline {
    pthread_t thread;
    int socket;
    int stop[2]; /* a pipe; closing its write end ends the thread */
    _Atomic deadline until;
    atomic_bool passed; /* the thread has shut the socket down */
};

/* Watches socket by a new thread. Returns 0, or -1 with errno. After 0, call io_deadline_stop
 * before any other descriptor can get the socket's number. */
int io_deadline_start(struct io_deadline *io, int socket, deadline until);

/* Moves the deadline, unless it has passed. The shutdown may come up to half a second after it. */
void io_deadline_set(struct io_deadline *io, deadline until);

/* Ends the thread. The socket stays as it is. */
void io_deadline_stop(struct io_deadline *io);

#endif
