/* words PORT NAME SECONDS: sends NAME repeatedly on one connection without waiting for answers.
 * Prints the answered requests a second. */
#include "bench.h"

#include <poll.h>
#include <string.h>
#include <unistd.h>

enum { REPEAT = 64, NAME_MAX_BYTES = 200 };

/* Returns the number of lines of an answer. */
static size_t lines_of(int fd, const char *line) {
    static char bytes[65536];
    size_t lines = 0;
    if (send(fd, line, strlen(line), 0) < 0)
        fail("send");
    struct pollfd quiet = {fd, POLLIN, 0};
    while (poll(&quiet, 1, lines == 0 ? -1 : 200) > 0) {
        ssize_t got = recv(fd, bytes, sizeof(bytes), 0);
        if (got <= 0)
            fail("recv");
        for (ssize_t i = 0; i < got; i++)
            lines += bytes[i] == '\n';
    }
    return lines;
}

int main(int argc, char **argv) {
    static char block[REPEAT * (NAME_MAX_BYTES + 1) + 1];
    static char bytes[1 << 20];
    char line[NAME_MAX_BYTES + 2];
    size_t seen = 0;
    if (argc != 4 || strlen(argv[2]) > NAME_MAX_BYTES)
        return 64;
    snprintf(line, sizeof(line), "%s\n", argv[2]);
    for (size_t i = 0; i < REPEAT; i++)
        memcpy(block + i * strlen(line), line, strlen(line));
    int fd = connect_to(SOCK_STREAM, atoi(argv[1]));
    size_t lines = lines_of(fd, line);
    size_t asked = 0;
    double began = now();
    while (now() < began + atof(argv[3])) {
        if (send(fd, block, REPEAT * strlen(line), 0) < 0)
            fail("send");
        for (asked += REPEAT; seen < asked * lines;) {
            ssize_t got = recv(fd, bytes, sizeof(bytes), 0);
            if (got <= 0)
                fail("recv");
            for (ssize_t i = 0; i < got; i++)
                seen += bytes[i] == '\n';
        }
    }
    printf("%.0f\n", (double)asked / (now() - began));
    return 0;
}
