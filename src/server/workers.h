/* Several workers that share the sockets, and their supervisor. It replaces a worker that
 * dies, and ends all of them together. */
#ifndef LOOKUP_WORKERS_H
#define LOOKUP_WORKERS_H

#include "server/loop.h"

enum { WORKERS_MAX = 64 };

/* Runs count workers until they are idle or this process gets SIGTERM or SIGINT. The caller must
 * have blocked these and SIGCHLD. Returns in each process, which the caller then ends. In the
 * supervisor: 0, or -1 with errno if it or its first worker could not start. In a worker: 0, or
 * 1 if it could not begin or a call failed permanently, which was logged. */
int workers_run(size_t count, const struct loop_options *options,
                const struct responder *responder);

#endif
