/* Several workers that share the sockets, and their supervisor. It replaces a worker that
 * dies, and ends all of them together. */
#ifndef LOOKUP_WORKERS_H
#define LOOKUP_WORKERS_H

#include "server/loop.h"

enum { WORKERS_MAX = 64 };

/* Runs count workers until idle or SIGTERM. SIGTERM, SIGINT and SIGCHLD must
 * be blocked. 0; -1 errno: the first of them could not be started. */
int workers_run(size_t count, const struct loop_options *options,
                const struct responder *responder);

#endif
