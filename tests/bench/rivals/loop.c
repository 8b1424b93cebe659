/* loop PORT: accepts, reads, writes and closes, one connection at a time. */
#include "../bench.h"

#include <unistd.h>

int main(int argc, char **argv) {
    struct sockaddr_in here = {.sin_family = AF_INET};
    char bytes[1024];
    int on = 1;
    here.sin_port = htons((uint16_t)(argc == 2 ? atoi(argv[1]) : 0));
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (bind(listener, (struct sockaddr *)&here, sizeof(here)) < 0 || listen(listener, 4096) < 0)
        fail("listen");
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0)
            fail("accept");
        if (read(fd, bytes, sizeof(bytes)) < 0 || write(fd, "C45\n", 4) != 4)
            fail("connection");
        close(fd);
    }
}
