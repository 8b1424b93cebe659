/* datagram PORT CLIENTS SECONDS: loads PORT from CLIENTS sockets, each with BATCH pending
 * requests at a time. Prints the answers a second, and how many of 1000 requests were lost. */
#include "bench.h"

#include <string.h>
#include <sys/time.h>

enum { CLIENTS_MAX = 64, BATCH = 16, ROOM = 64 };

static struct mmsghdr out[BATCH];
static struct mmsghdr in[BATCH];

static void prepare(void) {
    static struct iovec question = {"John\n", 5};
    static struct iovec answer[BATCH];
    static char bytes[BATCH][ROOM];
    for (int i = 0; i < BATCH; i++) {
        answer[i] = (struct iovec){bytes[i], ROOM};
        out[i].msg_hdr = (struct msghdr){.msg_iov = &question, .msg_iovlen = 1};
        in[i].msg_hdr = (struct msghdr){.msg_iov = &answer[i], .msg_iovlen = 1};
    }
}

static int connect_client(int port) {
    struct timeval patience = {.tv_usec = 100000};
    int fd = connect_to(SOCK_DGRAM, port);
    if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) < 0)
        fail("setsockopt");
    return fd;
}

/* Returns how many requests of fd's batch are answered. */
static int receive_all(int fd) {
    int received = 0;
    while (received < BATCH) {
        int got = recvmmsg(fd, in, (unsigned)(BATCH - received), MSG_WAITFORONE, NULL);
        if (got <= 0)
            break; /* the others are lost */
        received += got;
    }
    return received;
}

int main(int argc, char **argv) {
    int fds[CLIENTS_MAX];
    long asked = 0;
    long answered = 0;
    int clients = argc == 4 ? atoi(argv[2]) : 0;
    if (clients < 1 || clients > CLIENTS_MAX)
        return 64;
    prepare();
    for (int i = 0; i < clients; i++) {
        fds[i] = connect_client(atoi(argv[1]));
        sendmmsg(fds[i], out, BATCH, 0);
    }
    double began = now();
    for (int i = 0; now() < began + atof(argv[3]); i = (i + 1) % clients) {
        answered += receive_all(fds[i]);
        asked += BATCH;
        sendmmsg(fds[i], out, BATCH, 0);
    }
    printf("%.0f %.1f\n", (double)answered / (now() - began),
           (double)(asked - answered) * 1000 / (double)asked);
    return 0;
}
