#include "net/deadline.h"

#include <errno.h>
#include <poll.h>
#include <time.h>

deadline deadline_now(void) {
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (deadline)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

deadline deadline_in(int64_t milliseconds) {
    return deadline_now() + 1 + milliseconds;
}

deadline deadline_first(deadline a, deadline b) {
    return a < b ? a : b;
}

int deadline_wait(int fd, short events, deadline until) {
    struct pollfd pfd = {.fd = fd, .events = events};
    for (;;) {
        deadline left = until - deadline_now();
        int timeout = left < 0 ? 0 : left > 1000000 ? 1000000 : (int)left;
        int ready = poll(&pfd, 1, timeout);
        if (ready > 0)
            return 1;
        if (ready < 0 && errno != EINTR)
            return -1;
        if (ready == 0 && timeout == left)
            return 0;
        if (left <= 0)
            return 0;
    }
}
