/* load [-q REQUEST] [-a ANSWER] [-s SILENT] PORT CLIENTS SECONDS: CLIENTS clients at a time
 * repeatedly connect, send a request, read up to EOF and close, while SILENT others are
 * connected and send nothing. Prints the requests a second, the median and the 99th percentile
 * of their time in microseconds, and their number. One thread with a ring of blocking sockets,
 * so that the load costs less than the service. An answer that does not start with ANSWER is an
 * error. */
#include "bench.h"

#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { CLIENTS_MAX = 1024, SAMPLES_MAX = 1 << 20 };

struct client {
    int fd;
    double began;
};

static const char *request = "John\n";
static const char *answer = "C45\n";
static int port;

static void start(struct client *client) {
    client->began = now();
    client->fd = connect_to(SOCK_STREAM, port);
    if (send(client->fd, request, strlen(request), 0) < 0)
        fail("send");
}

/* Reads the answer up to EOF. Returns the microseconds of the whole request. */
static double finish(const struct client *client) {
    char bytes[16384];
    ssize_t got = recv(client->fd, bytes, sizeof(bytes), MSG_WAITALL);
    if (got < (ssize_t)strlen(answer) || memcmp(bytes, answer, strlen(answer)) != 0)
        fail("answer");
    close(client->fd);
    return (now() - client->began) * 1e6;
}

static void be_silent(int count) {
    struct rlimit files = {(rlim_t)count + CLIENTS_MAX + 16, (rlim_t)count + CLIENTS_MAX + 16};
    if (count > 0 && setrlimit(RLIMIT_NOFILE, &files) < 0)
        fail("setrlimit");
    for (int i = 0; i < count; i++)
        connect_to(SOCK_STREAM, port);
}

static void run(int clients, double seconds) {
    static struct client ring[CLIENTS_MAX];
    static double took[SAMPLES_MAX];
    size_t requests = 0;
    double began = now();
    for (int i = 0; i < clients; i++)
        start(&ring[i]);
    for (int i = 0; now() < began + seconds; i = (i + 1) % clients) {
        took[requests++ % SAMPLES_MAX] = finish(&ring[i]);
        start(&ring[i]);
    }
    for (int i = 0; i < clients; i++)
        took[requests++ % SAMPLES_MAX] = finish(&ring[i]);
    double rate = (double)requests / (now() - began);
    size_t samples = requests < SAMPLES_MAX ? requests : SAMPLES_MAX;
    printf("%.1f %.1f %.1f %zu\n", rate, share(took, samples, 0.5), share(took, samples, 0.99),
           requests);
}

int main(int argc, char **argv) {
    int option;
    int silent = 0;
    while ((option = getopt(argc, argv, "q:a:s:")) != -1) {
        if (option == 'q')
            request = optarg;
        else if (option == 'a')
            answer = optarg;
        else if (option == 's')
            silent = atoi(optarg);
        else
            return 64;
    }
    int clients = argc - optind == 3 ? atoi(argv[optind + 1]) : 0;
    if (clients < 1 || clients > CLIENTS_MAX)
        return 64;
    port = atoi(argv[optind]);
    be_silent(silent);
    run(clients, atof(argv[optind + 2]));
    return 0;
}
