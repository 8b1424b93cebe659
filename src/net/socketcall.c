/* On i386 and s390x, glibc makes these calls by socketcall(2). That passes their arguments in
 * memory, where no filter can look, so the programs make them themselves (Linux 4.3). Hidden:
 * libraries keep those of libc. */
#undef _FORTIFY_SOURCE /* which calls the second recv below for the first */
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(SYS_socketcall) && defined(__GLIBC__)

#pragma GCC visibility push(hidden)

ssize_t recv(int fd, void *at, size_t room, int flags) {
    return syscall(SYS_recvfrom, fd, at, room, flags, NULL, NULL);
}

/* What _FORTIFY_SOURCE makes of it, if it knows the size of the memory. */
ssize_t recv_checked(int fd, void *at, size_t room, size_t size, int flags) __asm__("__recv_chk");
ssize_t recv_checked(int fd, void *at, size_t room, size_t size, int flags) {
    if (room > size)
        abort();
    return recv(fd, at, room, flags);
}

ssize_t send(int fd, const void *at, size_t len, int flags) {
    return syscall(SYS_sendto, fd, at, len, flags, NULL, 0);
}

ssize_t sendto(int fd, const void *at, size_t len, int flags, const struct sockaddr *to,
               socklen_t size) {
    return syscall(SYS_sendto, fd, at, len, flags, to, size);
}

int sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags) {
    return (int)syscall(SYS_sendmmsg, fd, messages, count, flags);
}

int accept4(int fd, struct sockaddr *from, socklen_t *size, int flags) {
    return (int)syscall(SYS_accept4, fd, from, size, flags);
}

int shutdown(int fd, int how) {
    return (int)syscall(SYS_shutdown, fd, how);
}

int getpeername(int fd, struct sockaddr *at, socklen_t *size) {
    return (int)syscall(SYS_getpeername, fd, at, size);
}

int getsockopt(int fd, int level, int name, void *at, socklen_t *size) {
    return (int)syscall(SYS_getsockopt, fd, level, name, at, size);
}

int setsockopt(int fd, int level, int name, const void *at, socklen_t size) {
    return (int)syscall(SYS_setsockopt, fd, level, name, at, size);
}

#pragma GCC visibility pop

#endif
