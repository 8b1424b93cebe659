/* Preloaded: a sleep of five minutes is over at once. */
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { LONG = 5 * 60 - 1 };

int nanosleep(const struct timespec *wanted, struct timespec *left) {
    return wanted->tv_sec >= LONG
               ? 0
               : (int)syscall(SYS_clock_nanosleep, CLOCK_REALTIME, 0, wanted, left);
}
