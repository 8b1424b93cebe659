/* Runs a call that has no deadline in a thread of its own, so that the caller can stop waiting.
 *
 * A task has two owners: the thread and the caller. */
#ifndef LOOKUP_TASK_H
#define LOOKUP_TASK_H

#include "net/deadline.h"

struct task;

/* Starts a thread that calls call(context). forget(context), which frees the context, is called
 * when both owners are done with it: call has returned, and the caller has called task_leave.
 * Returns NULL with errno on failure; then neither function is ever called. */
struct task *task_start(void (*call)(void *context), void (*forget)(void *context), void *context);

/* Waits until the call has ended. Returns 1 then, and the context holds what the call has left
 * there; 0 if the deadline passed first; -1 with errno. */
int task_wait(const struct task *task, deadline until);

/* Returns a descriptor that is readable when the call has ended. */
int task_fd(const struct task *task);

/* Ends the caller's part: it must no longer use the task or its context. The call goes on. */
void task_leave(struct task *task);

#endif
