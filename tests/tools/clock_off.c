/* Preloaded: the clock is wrong by as many seconds as the file CLOCK_OFF says at the moment. The
 * file is mapped at the start, so a program that is confined later needs no right to open it.
 * faketime(1) is not used: each of its processes leaves shared memory under its number if it is
 * killed, and a later process with that number fails. */
#define _GNU_SOURCE 1 /* NOLINT(bugprone-reserved-identifier): for syscall */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const char *off;

__attribute__((constructor)) static void start(void) {
    const char *path = getenv("CLOCK_OFF");
    int fd = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
    off = fd < 0 ? MAP_FAILED : mmap(NULL, 1, PROT_READ, MAP_SHARED, fd, 0);
    if (off == MAP_FAILED)
        abort();
    close(fd);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    int result = (int)syscall(SYS_clock_gettime, clock, now);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        now->tv_sec += strtol(off, NULL, 10);
    return result;
}

time_t time(time_t *now) {
    struct timespec precise;
    clock_gettime(CLOCK_REALTIME, &precise);
    if (now != NULL)
        *now = precise.tv_sec;
    return precise.tv_sec;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    struct timespec precise;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &precise);
    *now = (struct timeval){precise.tv_sec, precise.tv_nsec / 1000};
    return 0;
}
