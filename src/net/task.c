#include "net/task.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct task {
    void (*call)(void *context);
    void (*forget)(void *context);
    void *context;
    int over; /* an eventfd, readable when the call has ended */
    atomic_int owners;
};

void task_leave(struct task *task) {
    if (atomic_fetch_sub(&task->owners, 1) > 1)
        return;
    task->forget(task->context);
    close(task->over);
    free(task);
}

static void *task_run(void *context) {
    struct task *task = context;
    task->call(task->context);
    eventfd_write(task->over, 1);
    task_leave(task);
    return NULL;
}

/* Returns 0 or an error number. The program may exit while the thread is running. */
static int task_start_thread(struct task *task) {
    pthread_t thread = 0;
    int error = task->over < 0 ? errno : pthread_create(&thread, NULL, task_run, task);
    return error != 0 ? error : pthread_detach(thread);
}

struct task *task_start(void (*call)(void *context), void (*forget)(void *context), void *context) {
    struct task *task = malloc(sizeof(struct task));
    if (task == NULL)
        return NULL;
    *task = (struct task){.call = call, .forget = forget, .context = context};
    atomic_init(&task->owners, 2);
    task->over = eventfd(0, EFD_CLOEXEC);
    int error = task_start_thread(task);
    if (error == 0)
        return task;
    if (task->over >= 0)
        close(task->over);
    free(task);
    errno = error;
    return NULL;
}

int task_wait(const struct task *task, deadline until) {
    return deadline_wait(task->over, POLLIN, until);
}

int task_fd(const struct task *task) {
    return task->over;
}
