/* Preloaded: a file but for standard output and error is as if the book had its 4 GiB already. */
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

ssize_t write(int fd, const void *at, size_t len) {
    if (fd == STDOUT_FILENO || fd == STDERR_FILENO)
        return syscall(SYS_write, fd, at, len);
    errno = EOVERFLOW;
    return -1;
}
