#include "server/workers.h"

#include "net/log.h"
#include "server/notify.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
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

struct supervisor {
    const struct loop_options *options;
    struct responder *responder;
    size_t count;
    struct worker worker[WORKERS_MAX];
    struct stats *stats; /* one for each slot, shared with its worker and kept for the next one */
    struct notify notify;
    bool stopping;
};

static deadline ignore_tick(void *context, bool stopping) {
    (void)context, (void)stopping;
    return INT64_MAX;
}

/* In the child; never returns. */
_Noreturn static void work(const struct supervisor *s, struct stats *stats, pid_t parent) {
    /* A worker must not outlive the supervisor, which the superserver knows. */
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        exit(0);
    struct loop_options options = *s->options;
    struct responder responder = *s->responder;
    options.shared = true;
    options.idle = 0; /* the supervisor decides about idleness */
    options.on_tick = ignore_tick;
    responder.stats = stats;
    responder.fault_told = true; /* the supervisor logs it once */
    int result = loop_run(&options, &responder);
    if (result < 0)
        log_fault("worker: %s", strerror(errno));
    responder_close(&responder);
    exit(result == 0 ? 0 : 71);
}

static int start(struct supervisor *s, size_t i) {
    pid_t parent = getpid();
    s->worker[i].next_start = deadline_in(RESPAWN_MS);
    s->stats[i].active = s->stats[i].heartbeat = deadline_now();
    pid_t pid = fork();
    if (pid == 0)
        work(s, &s->stats[i], parent);
    s->worker[i].pid = pid > 0 ? pid : 0;
    return pid > 0 ? 0 : -1;
}

static void start_missing(struct supervisor *s) {
    for (size_t i = 0; i < s->count; i++)
        if (s->worker[i].pid == 0 && s->worker[i].next_start <= deadline_now() && start(s, i) < 0)
            log_fault("cannot start a worker: %s", strerror(errno));
}

static void reap(struct supervisor *s) {
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

static size_t alive(const struct supervisor *s) {
    size_t count = 0;
    for (size_t i = 0; i < s->count; i++)
        count += s->worker[i].pid != 0;
    return count;
}

static void stop(struct supervisor *s, const struct stats *sum) {
    notify_stopping(&s->notify, sum, s->options->timeout);
    if (!s->stopping)
        listeners_close(s->options->listeners, s->options->listener_count);
    s->stopping = true;
    for (size_t i = 0; i < s->count; i++)
        if (s->worker[i].pid != 0)
            kill(s->worker[i].pid, SIGTERM);
}

/* False if a worker's loop is stuck. Then the watchdog must not be fed. */
static bool all_come_round(const struct supervisor *s) {
    for (size_t i = 0; i < s->count; i++)
        if (s->worker[i].pid != 0 &&
            s->stats[i].heartbeat + 2 * s->options->heartbeat < deadline_now())
            return false;
    return true;
}

static struct stats sum_up(const struct supervisor *s) {
    struct stats sum = {.book = responder_book_time(s->responder)};
    for (size_t i = 0; i < s->count; i++)
        stats_add(&sum, &s->stats[i]);
    return sum;
}

static void look_after(struct supervisor *s, const sigset_t *signals) {
    int64_t heartbeat = s->options->heartbeat < 1000 ? s->options->heartbeat : 1000;
    struct timespec wait = {heartbeat / 1000, (long)(heartbeat % 1000) * 1000000};
    while (!s->stopping || alive(s) > 0) {
        int signal = sigtimedwait(signals, NULL, &wait);
        book_reload_if_changed(s->responder);
        reap(s);
        struct stats sum = sum_up(s);
        if (stats_results(&sum, RESULT_FAULT) > 0 && !s->responder->book_wanted)
            responder_want_book(s->responder);
        bool idle = s->options->idle > 0 && sum.open == 0 &&
                    sum.active + s->options->idle <= deadline_now();
        if (signal == SIGTERM || signal == SIGINT || idle)
            stop(s, &sum);
        if (!s->stopping)
            start_missing(s);
        notify_tick(&s->notify, &sum, all_come_round(s));
    }
}

int workers_run(size_t count, const struct loop_options *options,
                const struct responder *responder) {
    struct loop_options mine = *options;
    struct responder own = *responder;
    struct supervisor s = {.options = &mine, .responder = &own, .count = count};
    size_t size = count * sizeof(struct stats);
    struct stats none = {.book = responder_book_time(&own)};
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGCHLD);
    s.stats = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (s.stats == MAP_FAILED)
        return -1;
    if (own.metrics != NULL) {
        own.metrics->workers = s.stats;
        own.metrics->count = count;
    }
    notify_ready(&s.notify, &none);
    mine.heartbeat = notify_heartbeat(&s.notify);
    s.stats[0].active = deadline_now();
    int result = start(&s, 0);
    if (result == 0) {
        start_missing(&s);
        look_after(&s, &signals);
    }
    responder_close(&own);
    munmap(s.stats, size);
    return result;
}
