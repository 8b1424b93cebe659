/* echo PORT: sends each datagram back, all available ones at a time. */
#include "../bench.h"

enum { BATCH = 32, ROOM = 1024, BUFFER = 8 << 20 };

int main(int argc, char **argv) {
    static struct mmsghdr messages[BATCH];
    static struct sockaddr_in peers[BATCH];
    static struct iovec parts[BATCH];
    static char bytes[BATCH][ROOM];
    struct sockaddr_in here = {.sin_family = AF_INET};
    int buffer = BUFFER;
    here.sin_port = htons((uint16_t)(argc == 2 ? atoi(argv[1]) : 0));
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof(buffer));
    if (bind(fd, (struct sockaddr *)&here, sizeof(here)) < 0)
        fail("bind");
    for (;;) {
        for (int i = 0; i < BATCH; i++) {
            parts[i] = (struct iovec){bytes[i], ROOM};
            messages[i].msg_hdr = (struct msghdr){
                .msg_name = &peers[i],
                .msg_namelen = sizeof(peers[i]),
                .msg_iov = &parts[i],
                .msg_iovlen = 1,
            };
        }
        int got = recvmmsg(fd, messages, BATCH, MSG_WAITFORONE, NULL);
        if (got < 0)
            fail("recvmmsg");
        for (int i = 0; i < got; i++)
            parts[i].iov_len = messages[i].msg_len;
        for (int sent = 0, more; sent<got; sent += more> 0 ? more : 1)
            more = sendmmsg(fd, messages + sent, (unsigned)(got - sent), 0);
    }
}
