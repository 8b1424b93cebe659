#include "net/filter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#if defined(__x86_64__)
#define MACHINE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define MACHINE AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define MACHINE AUDIT_ARCH_RISCV64
#endif

/* The numbers, names and arguments of calls differ from machine to machine: 32-bit
 * machines have calls of their own for large files and for the time after 2038, and on
 * s390x libc makes all socket calls by one, which no filter can look into. Machines
 * without a table have no filter; Landlock and the limits remain. */
#ifdef MACHINE

/* Arguments have 64 bits. The filter compares the lower half, which comes first on
 * all the machines above. */
#define NUMBER offsetof(struct seccomp_data, nr)
#define ARGUMENT(n) (offsetof(struct seccomp_data, args) + (n) * sizeof(__u64))

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, field)
#define MASK(bits) BPF_STMT(BPF_ALU | BPF_AND | BPF_K, bits)
#define UNLESS(value, skip) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skip)
#define RETURN(action) BPF_STMT(BPF_RET | BPF_K, action)

/* The numbers are those of one machine. Calls in the form of another one, such as
 * 32-bit calls on x86-64, are all refused. */
#define BEGIN                                                                                      \
    LOAD(offsetof(struct seccomp_data, arch)), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MACHINE, 1, 0), \
        RETURN(FILTER_REFUSAL), LOAD(NUMBER)
#define END RETURN(FILTER_REFUSAL)

#define ALLOW(call) UNLESS(SYS_##call, 1), RETURN(SECCOMP_RET_ALLOW)

/* ... if the bits of the argument that are in mask have that value; else the effect is
 * otherwise. */
#define ALLOW_IF_ELSE(call, argument, mask, value, otherwise)                                      \
    UNLESS(SYS_##call, 5), LOAD(ARGUMENT(argument)), MASK(mask), UNLESS(value, 1),                 \
        RETURN(SECCOMP_RET_ALLOW), RETURN(otherwise)
#define ALLOW_IF(call, argument, mask, value)                                                      \
    ALLOW_IF_ELSE(call, argument, mask, value, FILTER_REFUSAL)

/* ... if the argument has all bits of one or all bits of other; else the call fails. */
#define ALLOW_IF_EITHER(call, argument, one, other, error)                                         \
    UNLESS(SYS_##call, 9), LOAD(ARGUMENT(argument)), MASK(one), UNLESS(one, 1),                    \
        RETURN(SECCOMP_RET_ALLOW), LOAD(ARGUMENT(argument)), MASK(other), UNLESS(other, 1),        \
        RETURN(SECCOMP_RET_ALLOW), RETURN(SECCOMP_RET_ERRNO | (error))

/* ... if the argument, a pointer, is NULL; or if two arguments have those values. */
#define ALLOW_IF_NULL(call, argument)                                                              \
    UNLESS(SYS_##call, 6), LOAD(ARGUMENT(argument)), UNLESS(0, 3), LOAD(ARGUMENT(argument) + 4),   \
        UNLESS(0, 1), RETURN(SECCOMP_RET_ALLOW), RETURN(FILTER_REFUSAL)
#define ALLOW_IF_BOTH(call, first, value, second, other)                                           \
    UNLESS(SYS_##call, 6), LOAD(ARGUMENT(first)), UNLESS(value, 3), LOAD(ARGUMENT(second)),        \
        UNLESS(other, 1), RETURN(SECCOMP_RET_ALLOW), RETURN(FILTER_REFUSAL)

/* Half-closes a connection: a socket with a descriptor above one, see filter_program. */
#define ALLOW_HALF_CLOSE                                                                           \
    UNLESS(SYS_shutdown, 6), LOAD(ARGUMENT(1)), UNLESS(SHUT_WR, 3), LOAD(ARGUMENT(0)),             \
        BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, ABOVE, 0, 1), RETURN(SECCOMP_RET_ALLOW),               \
        RETURN(FILTER_REFUSAL)
#define ALLOW_HALF_CLOSE_OF(mask, descriptor)                                                      \
    UNLESS(SYS_shutdown, 7), LOAD(ARGUMENT(1)), UNLESS(SHUT_WR, 4), LOAD(ARGUMENT(0)), MASK(mask), \
        UNLESS(descriptor, 1), RETURN(SECCOMP_RET_ALLOW), RETURN(FILTER_REFUSAL)
#define ABOVE 0xFFFFFFFF /* put_last replaces it */

static struct sock_filter handler[] = {
    BEGIN,
    /* the request and the answer, on a socket or on anything else */
    ALLOW(recvfrom),
    ALLOW_IF_NULL(sendto, 4),
    ALLOW(read),
    ALLOW(write),
    /* of descriptor 1, or of 3, which a superserver may pass */
    ALLOW_HALF_CLOSE_OF(~2U, 1),
#ifdef SYS_poll
    ALLOW(poll),
#endif
    ALLOW(ppoll),
    /* if the vDSO (vdso(7)) cannot read the clock */
    ALLOW(clock_gettime),
    /* the book, and whether it is still what it was */
    ALLOW(pread64),
    ALLOW(fstat),
#ifdef __GLIBC__ /* where fstat(3) is this call, without a path */
    ALLOW_IF(newfstatat, 3, ~0U, AT_EMPTY_PATH),
#endif
    /* --verbose; the log */
    ALLOW(getpeername),
    ALLOW(getpid),
    /* resumes a wait after SIGSTOP and SIGCONT */
    ALLOW(restart_syscall),
    ALLOW(exit_group),
    END,
};

#ifdef SYS_epoll_wait
#define WAIT ALLOW(epoll_wait), ALLOW(poll),
#else
#define WAIT
#endif

static struct sock_filter import[] = {
    BEGIN,
    /* sources, and the book that is made */
    ALLOW(read),
    ALLOW(pread64),
    ALLOW(write),
    ALLOW(writev),
    ALLOW(pwrite64),
    ALLOW(lseek),
    ALLOW(close),
    ALLOW(fstat),
    ALLOW(newfstatat),
    ALLOW(ftruncate),
    ALLOW(fallocate),
    ALLOW(sync_file_range),
    ALLOW(fsync),
    ALLOW(fdatasync),
    /* A new file, without a name or not existing yet. Anything else that libc opens,
     * such as the tables of a charset, fails. */
    ALLOW_IF_EITHER(openat, 2, O_TMPFILE, O_CREAT | O_EXCL, EACCES),
    ALLOW_IF(fcntl, 1, ~0U, F_DUPFD_CLOEXEC),
    /* ... and in the old one's place, with its owner and mode */
    ALLOW(fchown),
    ALLOW(fchmod),
    ALLOW(linkat),
#ifdef SYS_renameat
    ALLOW(renameat),
#endif
    ALLOW(renameat2), /* what libc calls where there is no other */
    ALLOW(unlinkat),
    ALLOW(getrandom),
    /* tells whether standard error is a terminal, for the progress */
    ALLOW_IF_ELSE(ioctl, 1, ~0U, TCGETS, SECCOMP_RET_ERRNO | ENOTTY),
    /* memory, never to be executed */
    ALLOW_IF(mmap, 2, PROT_EXEC, 0),
    ALLOW_IF(mprotect, 2, PROT_EXEC, 0),
    ALLOW(munmap),
    ALLOW(mremap),
    ALLOW(madvise),
    ALLOW(brk),
    ALLOW(futex),
    ALLOW(sysinfo),
    /* signals that are caught */
    ALLOW(rt_sigaction),
    ALLOW(rt_sigprocmask),
    ALLOW(rt_sigreturn),
    /* the log */
    ALLOW(clock_gettime),
    ALLOW(sendto),
    ALLOW(getpid),
    ALLOW(restart_syscall),
    ALLOW(exit_group),
    END,
};

/* The sockets of clients. No socket can be made or configured, and each can send only to
 * its own peer. */
#define STREAMS                                                                                    \
    WAIT ALLOW(epoll_pwait), ALLOW(ppoll), ALLOW(epoll_ctl), ALLOW(accept4), ALLOW(recvfrom),      \
        ALLOW_IF_NULL(sendto, 4), ALLOW_HALF_CLOSE, ALLOW(close), ALLOW(getpeername),              \
        ALLOW_IF_BOTH(getsockopt, 1, SOL_SOCKET, 2, SO_PEERCRED),                                  \
        ALLOW_IF_BOTH(setsockopt, 1, SOL_SOCKET, 2, SO_OOBINLINE)

/* Signals, the log if it is not the journal, and exiting. */
#define PROCESS                                                                                    \
    ALLOW(read), ALLOW(write), ALLOW(clock_gettime), ALLOW(getpid), ALLOW(restart_syscall),        \
        ALLOW(exit_group)

/* Opens a replaced book, and the time zone, only for reading. */
#define FILES                                                                                      \
    ALLOW(newfstatat), ALLOW(fstat), ALLOW(pread64), ALLOW(lseek),                                 \
        ALLOW_IF(openat, 2, O_ACCMODE | O_CREAT | O_TRUNC, O_RDONLY)

/* Memory, never to be executed. */
#define MEMORY                                                                                     \
    ALLOW_IF(mmap, 2, PROT_EXEC, 0), ALLOW_IF(mprotect, 2, PROT_EXEC, 0), ALLOW(munmap),           \
        ALLOW(mremap), ALLOW(madvise), ALLOW(brk), ALLOW(futex)

static struct sock_filter streams[] = {BEGIN, STREAMS, PROCESS, FILES, MEMORY, END};

/* The address that sendmmsg sends to is in memory, which filters cannot read. */
static struct sock_filter server[] = {BEGIN,   ALLOW(recvmmsg), ALLOW(sendmmsg), STREAMS,
                                      PROCESS, FILES,           MEMORY,          END};

static void put_last(struct sock_fprog *program, int last) {
    for (size_t i = 0; i < program->len; i++)
        if (program->filter[i].code == (BPF_JMP | BPF_JGT | BPF_K))
            program->filter[i].k = (unsigned)last;
}

struct sock_fprog filter_program(enum filter filter, int last) {
    struct sock_fprog program = {sizeof(handler) / sizeof(handler)[0], handler};
    if (filter == FILTER_STREAMS)
        program = (struct sock_fprog){sizeof(streams) / sizeof(streams)[0], streams};
    if (filter == FILTER_SERVER)
        program = (struct sock_fprog){sizeof(server) / sizeof(server)[0], server};
    if (filter == FILTER_IMPORT)
        program = (struct sock_fprog){sizeof(import) / sizeof(import)[0], import};
    put_last(&program, last);
    return program;
}

#else

struct sock_fprog filter_program(enum filter filter, int last) {
    (void)filter, (void)last;
    return (struct sock_fprog){0};
}

#endif
