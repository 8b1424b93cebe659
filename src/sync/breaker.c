#include "sync/breaker.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LOOKS_EVERY = 500 }; /* ms; periodic, because the deadline can become earlier */

static void *breaker_watch(void *context) {
    struct breaker *breaker = context;
    for (;;) {
        deadline until = atomic_load(&breaker->until);
        deadline look = deadline_first(until, deadline_in(LOOKS_EVERY));
        if (deadline_wait(breaker->stop[0], POLLIN, look) != 0)
            return NULL;
        if (deadline_now() >= atomic_load(&breaker->until))
            break;
    }
    atomic_store(&breaker->broken, true);
    shutdown(breaker->socket, SHUT_RDWR);
    return NULL;
}

/* Blocks all signals in the thread: the main thread handles them. */
static int breaker_thread(struct breaker *breaker) {
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int error = pthread_create(&breaker->thread, NULL, breaker_watch, breaker);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return error;
}

int breaker_start(struct breaker *breaker, int socket, deadline until) {
    breaker->socket = socket;
    atomic_init(&breaker->until, until);
    atomic_init(&breaker->broken, false);
    if (pipe2(breaker->stop, O_CLOEXEC) < 0)
        return -1;
    int error = breaker_thread(breaker);
    if (error == 0)
        return 0;
    close(breaker->stop[0]);
    close(breaker->stop[1]);
    errno = error;
    return -1;
}

void breaker_set(struct breaker *breaker, deadline until) {
    atomic_store(&breaker->until, until);
}

void breaker_stop(struct breaker *breaker) {
    close(breaker->stop[1]);
    pthread_join(breaker->thread, NULL);
    close(breaker->stop[0]);
}
