/* session PORT CLIENTS SECONDS: sends the same names repeatedly on CLIENTS connections without
 * waiting for answers. Prints the answered requests a second. A wrong answer is an error. */
#include "bench.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

enum { CLIENTS_MAX = 64, REPEAT = 4096 };

static const char asked[] = "John\nDenise\nPhoebe\nAdam\n";
static const char answers[] = "C45\nC44\nD52\nB23\n";
enum { ASKED = sizeof(asked) - 1, ANSWERS = sizeof(answers) - 1, NAMES = 4 };

struct client {
    size_t sent;     /* offset in the repeated block of questions */
    size_t received; /* bytes in total */
};

static char block[ASKED * REPEAT];
static char expected[ANSWERS * (REPEAT + 1)];

static void send_some(int fd, struct client *client) {
    ssize_t sent = send(fd, block + client->sent, sizeof(block) - client->sent, MSG_DONTWAIT);
    if (sent < 0 && errno != EAGAIN)
        fail("send");
    if (sent > 0)
        client->sent = (client->sent + (size_t)sent) % sizeof(block);
}

static void receive_some(int fd, struct client *client) {
    static char bytes[ANSWERS * REPEAT];
    ssize_t got = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT);
    if (got <= 0)
        fail("recv");
    if (memcmp(bytes, expected + client->received % ANSWERS, (size_t)got) != 0)
        fail("answer");
    client->received += (size_t)got;
}

int main(int argc, char **argv) {
    struct pollfd fds[CLIENTS_MAX];
    struct client client[CLIENTS_MAX] = {0};
    nfds_t clients = argc == 4 ? (nfds_t)atoi(argv[2]) : 0;
    if (clients < 1 || clients > CLIENTS_MAX)
        return 64;
    for (size_t i = 0; i < REPEAT; i++)
        memcpy(block + i * ASKED, asked, ASKED);
    for (size_t i = 0; i <= REPEAT; i++)
        memcpy(expected + i * ANSWERS, answers, ANSWERS);
    for (nfds_t i = 0; i < clients; i++)
        fds[i] = (struct pollfd){connect_to(SOCK_STREAM, atoi(argv[1])), POLLIN | POLLOUT, 0};
    double began = now();
    while (now() < began + atof(argv[3])) {
        if (poll(fds, clients, -1) < 0)
            fail("poll");
        for (nfds_t i = 0; i < clients; i++) {
            if (fds[i].revents & POLLOUT)
                send_some(fds[i].fd, &client[i]);
            if (fds[i].revents & (POLLIN | POLLHUP | POLLERR))
                receive_some(fds[i].fd, &client[i]);
        }
    }
    size_t received = 0;
    for (nfds_t i = 0; i < clients; i++)
        received += client[i].received;
    printf("%.0f\n", (double)received / ANSWERS * NAMES / (now() - began));
    return 0;
}
