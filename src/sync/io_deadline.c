#include "sync/io_deadline.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LOOKS_EVERY = 500 }; /* ms; periodic, because the deadline can become earlier */

static void *io_deadline_watch(void *context) {
    struct io_deadline *io = context;
    for (;;) {
        deadline until = atomic_load(&io->until);
        deadline look = deadline_first(until, deadline_in(LOOKS_EVERY));
        if (deadline_wait(io->stop[0], POLLIN, look) != 0)
            return NULL;
        if (deadline_now() >= atomic_load(&io->until))
            break;
    }
    atomic_store(&io->passed, true);
    shutdown(io->socket, SHUT_RDWR);
    return NULL;
}

/* Blocks all signals in the thread: the main thread handles them. */
static int io_deadline_thread(struct io_deadline *io) {
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int error = pthread_create(&io->thread, NULL, io_deadline_watch, io);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return error;
}

int io_deadline_start(struct io_deadline *io, int socket, deadline until) {
    io->socket = socket;
    atomic_init(&io->until, until);
    atomic_init(&io->passed, false);
    if (pipe2(io->stop, O_CLOEXEC) < 0)
        return -1;
    int error = io_deadline_thread(io);
    if (error == 0)
        return 0;
    close(io->stop[0]);
    close(io->stop[1]);
    errno = error;
    return -1;
}

void io_deadline_set(struct io_deadline *io, deadline until) {
    atomic_store(&io->until, until);
}

void io_deadline_stop(struct io_deadline *io) {
    close(io->stop[1]);
    pthread_join(io->thread, NULL);
    close(io->stop[0]);
}
