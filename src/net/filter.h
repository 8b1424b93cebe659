/* The system calls that a process keeps while it serves strangers. */
#ifndef LOOKUP_FILTER_H
#define LOOKUP_FILTER_H

#include <linux/filter.h>

enum filter {
    FILTER_HANDLER, /* an open connection: read, write, wait, log, exit */
    FILTER_IMPORT,  /* open files: read, write; make and rename files in a folder */
    FILTER_STREAMS, /* open sockets: also accept, and reopen the book */
    FILTER_SERVER,  /* the same, and datagrams */
};

/* The effect of any other call: it kills the process. Builds can choose another one:
 * SECCOMP_RET_TRAP reports the call first (make CONFINE=report); SECCOMP_RET_ALLOW
 * disables confinement, for tools that work inside the program (make CONFINE=none). */
#ifndef FILTER_REFUSAL
#define FILTER_REFUSAL SECCOMP_RET_KILL_PROCESS
#endif

/* 0 on s390x: mmap(2) has its arguments in memory there, where no filter can look. The
 * kernel has to refuse memory that becomes executable by itself. A file that is open can
 * still be mapped to be executed. */
#ifdef __s390x__
enum { FILTER_SEES_MMAP = 0 };
#else
enum { FILTER_SEES_MMAP = 1 };
#endif

/* Returns the filter for seccomp(2). Its length is 0 on machines without a table.
 * Descriptors up to last are shared (a superserver keeps its sockets) and cannot be
 * half-closed. The program is valid until the next call. */
struct sock_fprog filter_program(enum filter filter, int last);

#endif
