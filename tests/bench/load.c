/* load PORT CLIENTS SECONDS PID: that many clients at a time, each connecting,
 * asking, reading up to EOF and closing, over and over. Prints the requests
 * made a second and the microseconds of processor time that process PID, the
 * server, took for each. One thread with a ring of blocking sockets: it is to
 * be the cheaper side. */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CLIENTS_MAX = 1024 };

static struct sockaddr_in server = {.sin_family = AF_INET};

static double now(clockid_t clock) {
    struct timespec ts;
    clock_gettime(clock, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static int start(void) {
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&server, sizeof(server)) < 0 ||
        send(fd, "John\n", 5, 0) != 5)
        fail("request");
    return fd;
}

/* All of the answer and the EOF behind it, in one call. */
static void finish(int fd) {
    char bytes[64];
    if (recv(fd, bytes, sizeof(bytes), MSG_WAITALL) != 4 || memcmp(bytes, "C45\n", 4) != 0)
        fail("answer");
    close(fd);
}

int main(int argc, char **argv) {
    int ring[CLIENTS_MAX];
    clockid_t clock;
    int clients = argc == 5 ? atoi(argv[2]) : 0;
    if (clients < 1 || clients > CLIENTS_MAX || clock_getcpuclockid(atoi(argv[4]), &clock) != 0)
        return 64;
    server.sin_port = htons((uint16_t)atoi(argv[1]));
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    double began = now(CLOCK_MONOTONIC);
    double used = now(clock);
    double end = began + atof(argv[3]);
    long requests = 0;
    for (int i = 0; i < clients; i++)
        ring[i] = start();
    for (int i = 0; now(CLOCK_MONOTONIC) < end; i = (i + 1) % clients, requests++) {
        finish(ring[i]);
        ring[i] = start();
    }
    for (int i = 0; i < clients; i++, requests++)
        finish(ring[i]);
    double seconds = now(CLOCK_MONOTONIC) - began;
    printf("%.0f %.2f\n", (double)requests / seconds, (now(clock) - used) * 1e6 / (double)requests);
    return 0;
}
