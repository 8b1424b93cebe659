#include "mechanism/peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static void copy(const char *from, char name[PEER_MAX]) {
    size_t len = strnlen(from, PEER_MAX - 1);
    memcpy(name, from, len);
    name[len] = '\0';
}

static void ask_socket(int fd, char name[PEER_MAX]) {
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
        struct sockaddr_storage room;
    } address = {0};
    socklen_t len = sizeof(address);
    if (getpeername(fd, &address.any, &len) < 0)
        copy("local", name);
    else if (address.any.sa_family == AF_INET)
        inet_ntop(AF_INET, &address.v4.sin_addr, name, PEER_MAX);
    else if (address.any.sa_family == AF_INET6)
        inet_ntop(AF_INET6, &address.v6.sin6_addr, name, PEER_MAX);
    else
        copy("unix", name);
}

void peer_of(int fd, char name[PEER_MAX]) {
    static const char *const variables[] = {"REMOTE_ADDR", "TCPREMOTEIP", "REMOTE_HOST"};
    for (size_t i = 0; i < sizeof(variables) / sizeof(variables)[0]; i++) {
        const char *value = getenv(variables[i]);
        if (value != NULL && value[0] != '\0') {
            copy(value, name);
            return;
        }
    }
    ask_socket(fd, name);
}
