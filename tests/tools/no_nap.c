/* Preloaded: reports a sleep, or a wait for input, of about 20 seconds or more on standard error,
 * rounded up to whole tens of seconds, and ends it soon. With WHOLE_WAITS in the environment, a
 * wait for input lasts as long as it should. */
#define _GNU_SOURCE 1 /* NOLINT(bugprone-reserved-identifier): for ppoll */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { LONG = 20 /* s */, SOON = 20 /* ms */ };

static void report(const char *what, double seconds) {
    dprintf(STDERR_FILENO, "a %s of %d s\n", what, (int)(seconds + 9.9) / 10 * 10);
}

int nanosleep(const struct timespec *wanted, struct timespec *left) {
    struct timespec nap = *wanted;
    if (nap.tv_sec >= LONG - 1) {
        report("sleep", (double)nap.tv_sec + (double)nap.tv_nsec / 1e9);
        nap = (struct timespec){0, SOON * 1000L * 1000};
    }
    return (int)syscall(SYS_clock_nanosleep, CLOCK_REALTIME, 0, &nap, left);
}

int poll(struct pollfd *at, nfds_t count, int timeout) {
    if (timeout >= (LONG - 1) * 1000) {
        report("wait", timeout / 1000.0);
        timeout = getenv("WHOLE_WAITS") == NULL ? SOON : timeout;
    }
    struct timespec most = {timeout / 1000, timeout % 1000 * 1000000L};
    return ppoll(at, count, timeout < 0 ? NULL : &most, NULL);
}
