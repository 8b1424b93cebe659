#include "compile/write_at.h"

#include <errno.h>
#include <unistd.h>

int write_at(int fd, struct span bytes, uint64_t offset) {
    while (bytes.len > 0) {
        ssize_t wrote = pwrite(fd, bytes.at, bytes.len, (off_t)offset);
        if (wrote < 0 && errno != EINTR)
            return -1;
        size_t done = wrote < 0 ? 0 : (size_t)wrote;
        bytes = span_from(bytes, done);
        offset += done;
    }
    return 0;
}
