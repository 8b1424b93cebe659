/* Shared by the drivers. Each driver is a program that loads a service and prints figures on
 * one line. */
#ifndef BENCH_H
#define BENCH_H

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

static inline double now(void) {
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static inline void fail(const char *what) {
    perror(what);
    exit(1);
}

/* Returns a socket of this type connected to this port of loopback. */
static inline int connect_to(int type, int port) {
    struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, type, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&server, sizeof(server)) < 0)
        fail("connect");
    return fd;
}

static inline int by_size(const void *a, const void *b) {
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Returns the value below which this share of the values lies; sorts them. */
static inline double share(double *values, size_t count, double part) {
    qsort(values, count, sizeof(*values), by_size);
    return count == 0 ? 0 : values[(size_t)((double)(count - 1) * part)];
}

#endif
