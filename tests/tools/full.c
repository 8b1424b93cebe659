/* Preloaded: write(2) to any file but standard output and standard error fails, as if the book had
 * reached 4 GiB. */
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

ssize_t write(int fd, const void *at, size_t len) {
    if (fd == STDOUT_FILENO || fd == STDERR_FILENO)
        return syscall(SYS_write, fd, at, len);
    errno = EOVERFLOW;
    return -1;
}
