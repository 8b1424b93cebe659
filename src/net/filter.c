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

#if defined(__x86_64__) && defined(__LP64__)
#define MACHINE AUDIT_ARCH_X86_64
#elif defined(__aarch64__) && defined(__LP64__)
#define MACHINE AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define MACHINE AUDIT_ARCH_RISCV64
#elif defined(__i386__)
#define MACHINE AUDIT_ARCH_I386
#elif defined(__ARM_EABI__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define MACHINE AUDIT_ARCH_ARM
#elif defined(__s390x__)
#define MACHINE AUDIT_ARCH_S390X
#endif

/* Machines without a table, such as x32, have no filter; Landlock and the limits remain. */
#ifdef MACHINE

/* 32-bit machines have calls of their own for large files, for users above 65535 and for
 * times after 2038. */
#ifndef __LP64__
#undef SYS_lseek
#undef SYS_ftruncate
#undef SYS_fcntl
#undef SYS_fchown
#undef SYS_mmap
#undef SYS_clock_gettime
#undef SYS_recvmmsg
#define SYS_lseek SYS__llseek
#define SYS_ftruncate SYS_ftruncate64
#define SYS_fcntl SYS_fcntl64
#define SYS_fchown SYS_fchown32
#define SYS_mmap SYS_mmap2
#define SYS_clock_gettime SYS_clock_gettime64
#define SYS_recvmmsg SYS_recvmmsg_time64
#endif
#ifndef SYS_sync_file_range /* the same, its arguments in another order */
#define SYS_sync_file_range SYS_sync_file_range2
#endif

/* Arguments have 64 bits. The filter compares the lower half, and where a pointer must be
 * NULL the upper one, too. */
#define NUMBER offsetof(struct seccomp_data, nr)
#define IS_UPPER_FIRST (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
#define HALF(n, half)                                                                              \
    (offsetof(struct seccomp_data, args) + (n) * sizeof(__u64) + (half) * sizeof(__u32))
#define ARGUMENT(n) HALF(n, IS_UPPER_FIRST)
#define UPPER_ARGUMENT(n) HALF(n, !IS_UPPER_FIRST)

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

/* Allows the call if (argument & mask) == value. Any other one gets the action otherwise. */
#define ALLOW_IF_ELSE(call, argument, mask, value, otherwise)                                      \
    UNLESS(SYS_##call, 5), LOAD(ARGUMENT(argument)), MASK(mask), UNLESS(value, 1),                 \
        RETURN(SECCOMP_RET_ALLOW), RETURN(otherwise)
#define ALLOW_IF(call, argument, mask, value)                                                      \
    ALLOW_IF_ELSE(call, argument, mask, value, FILTER_REFUSAL)

/* Allows the call if the argument has all bits of one, or all bits of other. Otherwise the call
 * fails with error. */
#define ALLOW_IF_EITHER(call, argument, one, other, error)                                         \
    UNLESS(SYS_##call, 9), LOAD(ARGUMENT(argument)), MASK(one), UNLESS(one, 1),                    \
        RETURN(SECCOMP_RET_ALLOW), LOAD(ARGUMENT(argument)), MASK(other), UNLESS(other, 1),        \
        RETURN(SECCOMP_RET_ALLOW), RETURN(SECCOMP_RET_ERRNO | (error))

/* Allows the call if the argument, a pointer, is NULL. */
#define ALLOW_IF_NULL(call, argument)                                                              \
    UNLESS(SYS_##call, 6), LOAD(ARGUMENT(argument)), UNLESS(0, 3), LOAD(UPPER_ARGUMENT(argument)), \
        UNLESS(0, 1), RETURN(SECCOMP_RET_ALLOW), RETURN(FILTER_REFUSAL)

/* Allows the call if the argument first has value, and the argument second has other. */
#define ALLOW_IF_BOTH(call, first, value, second, other)                                           \
    UNLESS(SYS_##call, 6), LOAD(ARGUMENT(first)), UNLESS(value, 3), LOAD(ARGUMENT(second)),        \
        UNLESS(other, 1), RETURN(SECCOMP_RET_ALLOW), RETURN(FILTER_REFUSAL)

/* Allows shutdown(2) with SHUT_WR: of descriptors above the last shared one (filter_program), or
 * of those that equal descriptor in the bits of mask. */
#define ALLOW_HALF_CLOSE                                                                           \
    UNLESS(SYS_shutdown, 6), LOAD(ARGUMENT(1)), UNLESS(SHUT_WR, 3), LOAD(ARGUMENT(0)),             \
        BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, ABOVE, 0, 1), RETURN(SECCOMP_RET_ALLOW),               \
        RETURN(FILTER_REFUSAL)
#define ALLOW_HALF_CLOSE_OF(mask, descriptor)                                                      \
    UNLESS(SYS_shutdown, 7), LOAD(ARGUMENT(1)), UNLESS(SHUT_WR, 4), LOAD(ARGUMENT(0)), MASK(mask), \
        UNLESS(descriptor, 1), RETURN(SECCOMP_RET_ALLOW), RETURN(FILTER_REFUSAL)
#define ABOVE 0xFFFFFFFF /* put_last replaces it */

/* recv(3) and send(3), as libc makes them: from and to the peer of a socket. */
#if defined(SYS_recv) && defined(__GLIBC__)
#define ALLOW_RECV ALLOW(recv)
#define ALLOW_SEND ALLOW(send)
#else
#define ALLOW_RECV ALLOW(recvfrom)
#define ALLOW_SEND ALLOW_IF_NULL(sendto, 4)
#endif

/* fstat(3), without a path, and stat(3), with one; each as libc makes it. On 32-bit machines
 * glibc adds AT_NO_AUTOMOUNT, and so do some versions of musl. */
#ifndef __LP64__
#define ALLOW_FSTAT ALLOW_IF(statx, 2, ~(unsigned)AT_NO_AUTOMOUNT, AT_EMPTY_PATH)
#define ALLOW_STAT ALLOW(statx)
#else
#ifdef __GLIBC__
#define ALLOW_FSTAT ALLOW(fstat), ALLOW_IF(newfstatat, 3, ~0U, AT_EMPTY_PATH)
#else
#define ALLOW_FSTAT ALLOW(fstat)
#endif
#define ALLOW_STAT ALLOW(fstat), ALLOW(newfstatat)
#endif

/* Memory, never to be executed. On s390x the arguments of mmap(2) are in memory, where no
 * filter can look: see FILTER_SEES_MMAP. */
#ifdef __s390x__
#define ALLOW_MMAP ALLOW(mmap)
#else
#define ALLOW_MMAP ALLOW_IF(mmap, 2, PROT_EXEC, 0)
#endif
#define MEMORY                                                                                     \
    ALLOW_MMAP, ALLOW_IF(mprotect, 2, PROT_EXEC, 0), ALLOW(munmap), ALLOW(mremap), ALLOW(madvise), \
        ALLOW(brk), ALLOW(futex)

/* With a 64-bit time; musl calls it only for those of more than 32 bits. */
#ifdef SYS_ppoll_time64
#define ALLOW_PPOLL ALLOW(ppoll), ALLOW(ppoll_time64)
#else
#define ALLOW_PPOLL ALLOW(ppoll)
#endif

/* Returns from a signal's handler. */
#ifdef SYS_sigreturn
#define ALLOW_SIGRETURN ALLOW(rt_sigreturn), ALLOW(sigreturn)
#else
#define ALLOW_SIGRETURN ALLOW(rt_sigreturn)
#endif

static struct sock_filter handler[] = {
    BEGIN,
    /* the request and the answer, on a socket or on anything else */
    ALLOW_RECV,
    ALLOW_SEND,
    ALLOW(read),
    ALLOW(write),
    /* of descriptor 1, or of 3, which a superserver may pass */
    ALLOW_HALF_CLOSE_OF(~2U, 1),
#ifdef SYS_poll
    ALLOW(poll),
#endif
    ALLOW_PPOLL,
    /* if the vDSO (vdso(7)) cannot read the clock */
    ALLOW(clock_gettime),
    /* the book, and whether it is still what it was */
    ALLOW(pread64),
    ALLOW_FSTAT,
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
    ALLOW_STAT,
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
    MEMORY,
    ALLOW(sysinfo),
    /* signals that are caught */
    ALLOW(rt_sigaction),
    ALLOW(rt_sigprocmask),
    ALLOW_SIGRETURN,
    /* the log */
    ALLOW(clock_gettime),
    ALLOW_SEND,
    ALLOW(getpid),
    ALLOW(restart_syscall),
    ALLOW(exit_group),
    END,
};

/* The sockets of clients. No socket can be made or configured, and each can send only to
 * its own peer. */
#define STREAMS                                                                                    \
    WAIT ALLOW(epoll_pwait), ALLOW_PPOLL, ALLOW(epoll_ctl), ALLOW(accept4), ALLOW_RECV,            \
        ALLOW_SEND, ALLOW_HALF_CLOSE, ALLOW(close), ALLOW(getpeername),                            \
        ALLOW_IF_BOTH(getsockopt, 1, SOL_SOCKET, 2, SO_PEERCRED),                                  \
        ALLOW_IF_BOTH(setsockopt, 1, SOL_SOCKET, 2, SO_OOBINLINE)

/* Signals, the log if it is not the journal, and exiting. */
#define PROCESS                                                                                    \
    ALLOW(read), ALLOW(write), ALLOW(clock_gettime), ALLOW(getpid), ALLOW(restart_syscall),        \
        ALLOW(exit_group)

/* Opens a replaced book, and the time zone, only for reading. */
#define FILES                                                                                      \
    ALLOW_STAT, ALLOW(pread64), ALLOW(lseek),                                                      \
        ALLOW_IF(openat, 2, O_ACCMODE | O_CREAT | O_TRUNC, O_RDONLY)

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
