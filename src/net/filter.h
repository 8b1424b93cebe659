/* The system calls that are left to a process that a stranger talks to. */
#ifndef LOOKUP_FILTER_H
#define LOOKUP_FILTER_H

#include <linux/filter.h>

enum filter {
    FILTER_HANDLER, /* one connection, which is open: read, write, wait, log, leave */
    FILTER_IMPORT,  /* files that are open: read, write, make and put in place new ones in a folder
                     */
    FILTER_STREAMS, /* sockets that are open: accept besides, look at the book */
    FILTER_SERVER,  /* the same, and datagrams */
};

/* What becomes of another call: the process ends. Other values are for
 * building: SECCOMP_RET_TRAP reports the call first (make CONFINE=report),
 * SECCOMP_RET_ALLOW switches confinement off, for tools that look into a
 * running program (make CONFINE=none). */
#ifndef FILTER_REFUSAL
#define FILTER_REFUSAL SECCOMP_RET_KILL_PROCESS
#endif

/* The filter as seccomp(2) takes it; its length is 0 where the tables do not
 * know the machine. Descriptors up to last are others' too (sockets that a superserver
 * keeps) and must not be shut down. The program is valid until the next call. */
struct sock_fprog filter_program(enum filter filter, int last);

#endif
