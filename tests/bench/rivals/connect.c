/* connect SECONDS: measures the kernel's cost of an empty connection over loopback: one process
 * connects, accepts and closes both ends. Prints the connections a second. */
#include "../bench.h"

#include <unistd.h>

int main(int argc, char **argv) {
    struct sockaddr_in here = {.sin_family = AF_INET};
    socklen_t len = sizeof(here);
    long count = 0;
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (argc != 2 || bind(listener, (struct sockaddr *)&here, len) < 0 ||
        listen(listener, 16) < 0 || getsockname(listener, (struct sockaddr *)&here, &len) < 0)
        fail("listen");
    double began = now();
    for (; now() < began + atof(argv[1]); count++) {
        int client = connect_to(SOCK_STREAM, ntohs(here.sin_port));
        int server = accept(listener, NULL, NULL);
        if (server < 0)
            fail("accept");
        close(server);
        close(client);
    }
    printf("%.0f\n", (double)count / (now() - began));
    return 0;
}
