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
#else
#define MACHINE 0
#endif

/* Arguments are 64 bits wide; that of interest is in the lower half, which
 * comes first on all the machines above. */
#define NUMBER offsetof(struct seccomp_data, nr)
#define ARGUMENT(n) (offsetof(struct seccomp_data, args) + (n) * sizeof(__u64))

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, field)
#define MASK(bits) BPF_STMT(BPF_ALU | BPF_AND | BPF_K, bits)
#define UNLESS(value, skip) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skip)
#define RETURN(action) BPF_STMT(BPF_RET | BPF_K, action)

/* A number means another call on another machine: a program of a second kind, as
 * 32 bit ones are on x86-64, has none at all. */
#define BEGIN                                                                                      \
    LOAD(offsetof(struct seccomp_data, arch)), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MACHINE, 1, 0), \
        RETURN(FILTER_REFUSAL), LOAD(NUMBER)
#define END RETURN(FILTER_REFUSAL)

#define ALLOW(call) UNLESS(SYS_##call, 1), RETURN(SECCOMP_RET_ALLOW)

/* ... if the argument, of all its bits those in mask, has that value; else what is
 * said comes of it. */
#define ALLOW_IF_ELSE(call, argument, mask, value, otherwise)                                      \
    UNLESS(SYS_##call, 5), LOAD(ARGUMENT(argument)), MASK(mask), UNLESS(value, 1),                 \
        RETURN(SECCOMP_RET_ALLOW), RETURN(otherwise)
#define ALLOW_IF(call, argument, mask, value)                                                      \
    ALLOW_IF_ELSE(call, argument, mask, value, FILTER_REFUSAL)

/* ... if the argument has all the bits of one of the two; else it fails. */
#define ALLOW_IF_EITHER(call, argument, one, other, error)                                         \
    UNLESS(SYS_##call, 9), LOAD(ARGUMENT(argument)), MASK(one), UNLESS(one, 1),                    \
        RETURN(SECCOMP_RET_ALLOW), LOAD(ARGUMENT(argument)), MASK(other), UNLESS(other, 1),        \
        RETURN(SECCOMP_RET_ALLOW), RETURN(SECCOMP_RET_ERRNO | (error))

/* ... is told that it failed, and can go on. */
#define FAIL(call, error) UNLESS(SYS_##call, 1), RETURN(SECCOMP_RET_ERRNO | (error))

static struct sock_filter handler[] = {
    BEGIN,
    /* the request and the answer, on a socket or on anything else */
    ALLOW(recvfrom),
    ALLOW(sendto),
    ALLOW(read),
    ALLOW(write),
    ALLOW(shutdown),
#ifdef SYS_poll
    ALLOW(poll),
#endif
    ALLOW(ppoll),
    /* Where the kernel's page of functions (vdso(7)) cannot tell the time. */
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
    /* A wait that a stop and a continuation interrupt. */
    ALLOW(restart_syscall),
    ALLOW(exit_group),
    END,
};

static struct sock_filter server[] = {
    BEGIN,
#ifdef SYS_epoll_wait
    ALLOW(epoll_wait),
#endif
    ALLOW(epoll_pwait),
    ALLOW(epoll_ctl),
    ALLOW(accept4),
    ALLOW(recvfrom),
    ALLOW(sendto),
    ALLOW(recvmmsg),
    ALLOW(sendmmsg),
    ALLOW(shutdown),
    ALLOW(close),
    /* signals, and the log where it is no journal */
    ALLOW(read),
    ALLOW(write),
    ALLOW(clock_gettime),
    ALLOW(getpeername),
    ALLOW(getpid),
    ALLOW(restart_syscall),
    ALLOW(exit_group),
    /* the book, when it has been replaced: to be read, never written */
    ALLOW(newfstatat),
    ALLOW(fstat),
    ALLOW(pread64),
    ALLOW_IF(openat, 2, O_ACCMODE | O_CREAT | O_TRUNC, O_RDONLY),
    /* memory, never to be executed */
    ALLOW_IF(mmap, 2, PROT_EXEC, 0),
    ALLOW_IF(mprotect, 2, PROT_EXEC, 0),
    ALLOW(munmap),
    ALLOW(mremap),
    ALLOW(madvise),
    ALLOW(brk),
    ALLOW(futex),
    /* the service manager and the journal: sd_notify(3), sd_journal_send(3) */
    ALLOW_IF(socket, 0, ~0U, AF_UNIX),
    ALLOW(sendmsg),
    ALLOW(getsockopt),
    ALLOW(setsockopt),
#ifdef SYS_poll
    ALLOW(poll),
#endif
    ALLOW(ppoll),
    ALLOW(getuid),
    ALLOW(geteuid),
    ALLOW(getgid),
    ALLOW(getegid),
    /* by which a line that the journal's socket has no room for would go; it is lost instead */
    FAIL(memfd_create, EPERM),
    END,
};

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
    /* A new file, which has no name or is not there yet. What else libc would
     * open, such as another charset, it is told that it may not. */
    ALLOW_IF_EITHER(openat, 2, O_TMPFILE, O_CREAT | O_EXCL, EACCES),
    ALLOW_IF(fcntl, 1, ~0U, F_DUPFD_CLOEXEC),
    /* ... and in the old one's place, with its owner and mode */
    ALLOW(fchown),
    ALLOW(fchmod),
    ALLOW(linkat),
    ALLOW(renameat),
    ALLOW(unlinkat),
    ALLOW(getrandom),
    /* whether it is a terminal that progress is shown on */
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

struct sock_fprog filter_program(enum filter filter) {
    struct sock_fprog program = {sizeof(handler) / sizeof(handler)[0], handler};
    if (filter == FILTER_SERVER)
        program = (struct sock_fprog){sizeof(server) / sizeof(server)[0], server};
    if (filter == FILTER_IMPORT)
        program = (struct sock_fprog){sizeof(import) / sizeof(import)[0], import};
    if (MACHINE == 0)
        program.len = 0;
    return program;
}
