/* A call that has no deadline, in a thread of its own: whoever waits for it can leave earlier.
 *
 * Two have the task and its context, the thread and the one that started it. */
#ifndef LOOKUP_TASK_H
#define LOOKUP_TASK_H

#include "net/deadline.h"

struct task;

/* Calls call(context) in a thread. Once that is over and task_leave was called, whichever comes
 * last calls forget(context), which frees it. Returns NULL and sets errno on failure, and
 * then has called neither. */
struct task *task_start(void (*call)(void *context), void (*forget)(void *context), void *context);

/* Waits for the end of the call. Afterwards the context holds its result. Returns 1 if it has
 * ended, 0 if the deadline has passed, or -1 and sets errno. */
int task_wait(const struct task *task, deadline until);

/* Returns a descriptor that is readable when the call has ended. */
int task_fd(const struct task *task);

/* Gives up the task and its context. The call goes on if it has not ended. */
void task_leave(struct task *task);

#endif
