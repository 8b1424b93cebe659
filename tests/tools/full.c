/* Preloaded: pwrite(2) fails, as if the book had reached 4 GiB. */
#include <errno.h>
#include <unistd.h>

ssize_t pwrite(int fd, const void *at, size_t len, off_t offset) {
    (void)fd, (void)at, (void)len, (void)offset;
    errno = EOVERFLOW;
    return -1;
}
