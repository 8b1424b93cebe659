/* mini_inetd PORT accept|wait PROGRAM [ARGUMENT ...]: a super-server for a machine that has none.
 * Listens on PORT of 127.0.0.1, TCP and UDP. With accept, starts PROGRAM for each connection; with
 * wait, starts it with the socket itself when something comes, as inetd(8) does. One at a time. */
#include <arpa/inet.h>
#include <err.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BACKLOG = 64 };

static int listening(int type, unsigned short port) {
    const struct sockaddr_in at = {AF_INET, htons(port), {htonl(INADDR_LOOPBACK)}, {0}};
    int fd = socket(AF_INET, type, 0);
    if (fd < 0 || bind(fd, (const struct sockaddr *)&at, sizeof(at)) < 0 ||
        (type == SOCK_STREAM && listen(fd, BACKLOG) < 0))
        err(71, "port %d", port);
    return fd;
}

static void run(int fd, char **command) {
    pid_t child = fork();
    if (child == 0) {
        for (int i = 0; i <= 2; i++)
            dup2(fd, i);
        execv(command[0], command);
        _exit(127);
    }
    waitpid(child, NULL, 0);
}

int main(int argc, char **argv) {
    if (argc < 4)
        errx(64, "PORT accept|wait PROGRAM [ARGUMENT ...]");
    unsigned short port = (unsigned short)atoi(argv[1]);
    struct pollfd sockets[2] = {{listening(SOCK_STREAM, port), POLLIN, 0},
                                {listening(SOCK_DGRAM, port), POLLIN, 0}};
    int accepts = strcmp(argv[2], "accept") == 0;
    while (poll(sockets, accepts ? 1 : 2, -1) >= 0) {
        if (accepts) {
            int client = accept(sockets[0].fd, NULL, NULL);
            run(client, argv + 3);
            close(client);
        } else {
            run(sockets[sockets[0].revents == 0].fd, argv + 3);
        }
    }
    return 71;
}
