/* filter_says MACHINE: what the filters of system calls say on the machine that this is compiled
 * for. An interpreter like the kernel's (Documentation/userspace-api/seccomp_filter.rst) runs them,
 * so this works where the kernel is another machine's, as in qemu. Prints a line for each call:
 *     FILTER CALL: allowed | killed | errno N
 * The lines are the same on all machines, although the calls differ in number, name and order of
 * the halves of an argument. */
#include "net/filter.h"

#include <fcntl.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>

enum { LAST = 5, FD = 6, NOWHERE = 0 };

/* A pointer; on 64-bit machines its lower half is zero. */
#ifdef __LP64__
#define POINTER 0x700000000
#define FSTAT                                                                                      \
    SYS_newfstatat, {                                                                              \
        FD, POINTER, POINTER, AT_EMPTY_PATH                                                        \
    }
#define FSTAT_MUSL                                                                                 \
    SYS_fstat, {                                                                                   \
        FD, POINTER                                                                                \
    }
#define STAT                                                                                       \
    SYS_newfstatat, {                                                                              \
        FD, POINTER, POINTER, 0                                                                    \
    }
#define MMAP SYS_mmap
#define FCNTL SYS_fcntl
#define CLOCK_GETTIME SYS_clock_gettime
#define RECVMMSG SYS_recvmmsg
#else
#define POINTER 0x70000000
#define FSTAT                                                                                      \
    SYS_statx, {                                                                                   \
        FD, POINTER, AT_EMPTY_PATH | AT_NO_AUTOMOUNT, 0x7FF, POINTER                               \
    }
#define FSTAT_MUSL                                                                                 \
    SYS_statx, {                                                                                   \
        FD, POINTER, AT_EMPTY_PATH, 0x7FF, POINTER                                                 \
    }
#define STAT                                                                                       \
    SYS_statx, {                                                                                   \
        AT_FDCWD, POINTER, AT_NO_AUTOMOUNT, 0x7FF, POINTER                                         \
    }
#define MMAP SYS_mmap2
#define FCNTL SYS_fcntl64
#define CLOCK_GETTIME SYS_clock_gettime64
#define RECVMMSG SYS_recvmmsg_time64
#endif
#if defined(SYS_recv) && defined(__GLIBC__)
#define RECV SYS_recv
#define SEND SYS_send
#else
#define RECV SYS_recvfrom
#define SEND SYS_sendto
#endif
#ifdef SYS_fork
#define FORK SYS_fork
#else
#define FORK SYS_clone
#endif

/* On s390x mmap(2) takes its arguments from memory, where no filter sees them. */
#ifdef __s390x__
#define MMAP_EXEC                                                                                  \
    MMAP, {                                                                                        \
        POINTER                                                                                    \
    }
#else
#define MMAP_EXEC                                                                                  \
    MMAP, {                                                                                        \
        0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0                         \
    }
#endif

static const struct call {
    const char *name;
    long number;
    long args[6];
} calls[] = {
    {"read", SYS_read, {FD, POINTER, 1}},
    {"clock_gettime", CLOCK_GETTIME, {0, POINTER}},
    {"recv", RECV, {FD, POINTER, 1}},
    {"send", SEND, {FD, POINTER, 1, 0, NOWHERE, 0}},
    {"sendto an address", SYS_sendto, {FD, POINTER, 1, 0, POINTER, 16}},
    {"sendmsg", SYS_sendmsg, {FD, POINTER, 0}},
    {"sendmmsg", SYS_sendmmsg, {FD, POINTER, 1, 0}},
    {"recvmmsg", RECVMMSG, {FD, POINTER, 1, 0, 0}},
    {"accept4", SYS_accept4, {LAST, POINTER, POINTER, SOCK_CLOEXEC}},
    {"shutdown 1", SYS_shutdown, {1, SHUT_WR}},
    {"shutdown 0", SYS_shutdown, {0, SHUT_WR}},
    {"shutdown a client", SYS_shutdown, {FD, SHUT_WR}},
    {"shutdown the last that is shared", SYS_shutdown, {LAST, SHUT_WR}},
    {"shutdown both ways", SYS_shutdown, {FD, SHUT_RDWR}},
    {"getsockopt SO_PEERCRED", SYS_getsockopt, {FD, SOL_SOCKET, SO_PEERCRED, POINTER, POINTER}},
    {"getsockopt SO_TYPE", SYS_getsockopt, {FD, SOL_SOCKET, SO_TYPE, POINTER, POINTER}},
    {"setsockopt SO_OOBINLINE", SYS_setsockopt, {FD, SOL_SOCKET, SO_OOBINLINE, POINTER, 4}},
    {"setsockopt SO_ATTACH_FILTER", SYS_setsockopt, {FD, SOL_SOCKET, SO_ATTACH_FILTER, POINTER, 8}},
    {"fstat", FSTAT},
    {"fstat by musl", FSTAT_MUSL},
    {"stat", STAT},
    {"openat to read", SYS_openat, {AT_FDCWD, POINTER, O_RDONLY | O_CLOEXEC}},
    {"openat to write", SYS_openat, {AT_FDCWD, POINTER, O_WRONLY}},
    {"openat a new file", SYS_openat, {AT_FDCWD, POINTER, O_WRONLY | O_CREAT | O_EXCL, 0600}},
    {"openat a nameless file", SYS_openat, {AT_FDCWD, POINTER, O_RDWR | O_TMPFILE, 0600}},
    {"openat an old file or a new one", SYS_openat, {AT_FDCWD, POINTER, O_WRONLY | O_CREAT, 0600}},
    {"fcntl F_DUPFD_CLOEXEC", FCNTL, {FD, F_DUPFD_CLOEXEC, 3}},
    {"fcntl F_SETFL", FCNTL, {FD, F_SETFL, 0}},
    {"ioctl TCGETS", SYS_ioctl, {FD, TCGETS, POINTER}},
    {"ioctl TIOCSTI", SYS_ioctl, {FD, TIOCSTI, POINTER}},
    {"mmap to execute", MMAP_EXEC},
    {"mprotect to execute", SYS_mprotect, {POINTER, 4096, PROT_READ | PROT_EXEC}},
    {"mprotect to write", SYS_mprotect, {POINTER, 4096, PROT_READ | PROT_WRITE}},
    {"renameat2", SYS_renameat2, {FD, POINTER, FD, POINTER, 0}},
    {"socket", SYS_socket, {AF_INET, SOCK_STREAM, 0}},
    {"connect", SYS_connect, {FD, POINTER, 16}},
    {"listen", SYS_listen, {FD, 1}},
    {"execve", SYS_execve, {POINTER, POINTER, POINTER}},
    {"fork", FORK, {17}},
    {"kill", SYS_kill, {1, 9}},
    {"ptrace", SYS_ptrace, {0, 0, 0, 0}},
    {"prctl", SYS_prctl, {4, 1}},
    {"seccomp", SYS_seccomp, {0, 0, 0}},
#ifdef SYS_socketcall
    {"socketcall", SYS_socketcall, {1, POINTER}},
#endif
};

/* Executes the instructions that filters consist of. Aborts at a load or a jump to outside. */
static __u32 interpret(const struct sock_fprog *program, const struct seccomp_data *data) {
    __u32 a = 0;
    for (size_t i = 0; i < program->len; i++) {
        const struct sock_filter *f = &program->filter[i];
        switch (f->code) {
        case BPF_LD | BPF_W | BPF_ABS:
            if (f->k % 4 != 0 || f->k > sizeof(*data) - 4)
                abort();
            memcpy(&a, (const char *)data + f->k, 4);
            break;
        case BPF_ALU | BPF_AND | BPF_K: a &= f->k; break;
        case BPF_JMP | BPF_JEQ | BPF_K: i += a == f->k ? f->jt : f->jf; break;
        case BPF_JMP | BPF_JGT | BPF_K: i += a > f->k ? f->jt : f->jf; break;
        case BPF_RET | BPF_K: return f->k;
        default: abort();
        }
    }
    abort();
}

static void print(const char *filter, const char *call, __u32 action) {
    printf("%s %s: ", filter, call);
    if (action == SECCOMP_RET_ALLOW)
        puts("allowed");
    else if (action == SECCOMP_RET_KILL_PROCESS)
        puts("killed");
    else if ((action & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ERRNO)
        printf("errno %u\n", action & SECCOMP_RET_DATA);
    else
        printf("action %x\n", action);
}

/* machine is an AUDIT_ARCH_ number of <linux/audit.h>. */
static void print_filter(const char *name, enum filter filter, __u32 machine) {
    const struct sock_fprog program = filter_program(filter, LAST);
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls)[0]; i++) {
        struct seccomp_data data = {.nr = (int)calls[i].number, .arch = machine};
        for (int n = 0; n < 6; n++)
            data.args[n] = (unsigned long)calls[i].args[n];
        print(name, calls[i].name, interpret(&program, &data));
    }
    const struct seccomp_data foreign = {.nr = SYS_read, .arch = machine ^ 1};
    print(name, "read, of another machine", interpret(&program, &foreign));
}

int main(int argc, char **argv) {
    if (argc != 2)
        return 64;
    __u32 machine = (__u32)strtoul(argv[1], NULL, 0);
    print_filter("handler", FILTER_HANDLER, machine);
    print_filter("import", FILTER_IMPORT, machine);
    print_filter("streams", FILTER_STREAMS, machine);
    print_filter("server", FILTER_SERVER, machine);
}
