#include "server/workers.h"

#include "net/log.h"
#include "server/notify.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RESPAWN_MS = 1000 }; /* least time between two starts in a slot */

struct worker {
    pid_t pid; /* 0: none */
    deadline next_start;
};

/* Memory that the supervisor and all workers have in common. */
struct shared {
    struct book_faults faults;
    struct stats stats[WORKERS_MAX];
};

struct supervisor {
    pid_t pid;
    struct loop_options options;
    struct responder responder;
    size_t count;
    struct worker worker[WORKERS_MAX];
    struct stats *stats; /* one for each slot, shared with its worker and kept for the next one */
    struct notify notify;
    bool stopping;
};

static deadline worker_tick(void *context, bool stopping) {
    (void)context, (void)stopping;
    return INT64_MAX;
}

/* Call it in a worker's process, in which s is a copy. Returns as workers_run does there. */
static int worker_run(struct supervisor *s) {
    /* A worker must not outlive the supervisor, which the superserver knows. */
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != s->pid)
        return 0;
    s->options.shared = true;
    s->options.idle = 0; /* the supervisor decides about idleness */
    s->options.on_tick = worker_tick;
    int result = loop_run(&s->options, &s->responder);
    if (result < 0)
        log_fault("worker: %s", strerror(errno));
    return result == 0 ? 0 : 1;
}

/* Starts a worker in slot i. Returns as fork(2) does. */
static pid_t supervisor_start(struct supervisor *s, size_t i) {
    s->worker[i].next_start = deadline_in(RESPAWN_MS);
    s->stats[i].active = s->stats[i].heartbeat = deadline_now();
    pid_t pid = fork();
    s->worker[i].pid = pid > 0 ? pid : 0;
    if (pid == 0)
        s->responder.stats = &s->stats[i];
    return pid;
}

/* Returns true in the process of a worker that it started, else false. */
static bool supervisor_start_missing(struct supervisor *s) {
    for (size_t i = 0; i < s->count; i++) {
        if (s->worker[i].pid != 0 || s->worker[i].next_start > deadline_now())
            continue;
        pid_t pid = supervisor_start(s, i);
        if (pid == 0)
            return true;
        if (pid < 0)
            log_fault("cannot start a worker: %s", strerror(errno));
    }
    return false;
}

static void supervisor_reap(struct supervisor *s) {
    pid_t pid;
    int status = 0;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        for (size_t i = 0; i < s->count; i++) {
            if (s->worker[i].pid != pid)
                continue;
            s->worker[i].pid = 0;
            s->stats[i].open = 0;
            if (!s->stopping)
                log_fault("a worker died (%s %d); another takes its place",
                          WIFSIGNALED(status) ? "signal" : "exit status",
                          WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
        }
    }
}

static bool supervisor_has_workers(const struct supervisor *s) {
    for (size_t i = 0; i < s->count; i++)
        if (s->worker[i].pid != 0)
            return true;
    return false;
}

static void supervisor_stop(struct supervisor *s, const struct stats *sum) {
    notify_stopping(&s->notify, sum, s->options.timeout);
    if (!s->stopping)
        listeners_close(s->options.listeners, s->options.listener_count);
    s->stopping = true;
    for (size_t i = 0; i < s->count; i++)
        if (s->worker[i].pid != 0)
            kill(s->worker[i].pid, SIGTERM);
}

/* False if a worker's loop is stuck. Then the watchdog must not be fed. */
static bool supervisor_hears_all(const struct supervisor *s) {
    for (size_t i = 0; i < s->count; i++)
        if (s->worker[i].pid != 0 &&
            s->stats[i].heartbeat + 2 * s->options.heartbeat < deadline_now())
            return false;
    return true;
}

static struct stats supervisor_sum(const struct supervisor *s) {
    struct stats sum = {.book = responder_book_time(&s->responder)};
    for (size_t i = 0; i < s->count; i++)
        stats_add(&sum, &s->stats[i]);
    return sum;
}

/* Waits until it is time to look after the workers. Returns the signal that came, or -1. */
static int supervisor_wait(const struct supervisor *s) {
    int64_t heartbeat = s->options.heartbeat < 1000 ? s->options.heartbeat : 1000;
    struct timespec wait = {heartbeat / 1000, (long)(heartbeat % 1000) * 1000000};
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGCHLD);
    return sigtimedwait(&signals, NULL, &wait);
}

/* Returns true in the process of a worker that it started, and false when all have ended. */
static bool supervisor_run(struct supervisor *s) {
    while (!s->stopping || supervisor_has_workers(s)) {
        if (!s->stopping && supervisor_start_missing(s))
            return true;
        int signal = supervisor_wait(s);
        book_reload_if_changed(&s->responder);
        supervisor_reap(s);
        struct stats sum = supervisor_sum(s);
        bool idle =
            s->options.idle > 0 && sum.open == 0 && sum.active + s->options.idle <= deadline_now();
        if (signal == SIGTERM || signal == SIGINT || idle)
            supervisor_stop(s, &sum);
        notify_tick(&s->notify, &sum, supervisor_hears_all(s));
    }
    return false;
}

int workers_run(size_t count, const struct loop_options *options,
                const struct responder *responder) {
    struct supervisor s = {
        .pid = getpid(), .options = *options, .responder = *responder, .count = count};
    struct stats none = {.book = responder_book_time(responder)};
    struct shared *shared =
        mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        return -1;
    s.stats = shared->stats;
    s.responder.faults = &shared->faults;
    if (responder->metrics != NULL) {
        responder->metrics->workers = s.stats;
        responder->metrics->count = count;
    }
    notify_ready(&s.notify, &none);
    s.options.heartbeat = notify_heartbeat(&s.notify);
    s.stats[0].active = deadline_now();
    pid_t pid = supervisor_start(&s, 0);
    int result = pid < 0 ? -1 : 0;
    if (pid == 0 || (pid > 0 && supervisor_run(&s)))
        result = worker_run(&s);
    responder_close(&s.responder);
    munmap(shared, sizeof(*shared));
    return result;
}
