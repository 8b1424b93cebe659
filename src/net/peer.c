#include "net/peer.h"

#include "net/mapped.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static void copy(const char *from, char name[PEER_MAX]) {
    size_t len = strnlen(from, PEER_MAX - 1);
    memcpy(name, from, len);
    name[len] = '\0';
}

static void put_v6(const struct in6_addr *v6, char name[PEER_MAX]) {
    const unsigned char *v4 = mapped_ipv4(v6);
    if (v4 != NULL)
        inet_ntop(AF_INET, v4, name, PEER_MAX);
    else
        inet_ntop(AF_INET6, v6, name, PEER_MAX);
}

void peer_of_address(const struct sockaddr *address, char name[PEER_MAX]) {
    const void *at = address;
    if (address->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)at)->sin_addr, name, PEER_MAX);
    else if (address->sa_family == AF_INET6)
        put_v6(&((const struct sockaddr_in6 *)at)->sin6_addr, name);
    else
        copy("unix", name);
}

void peer_of_socket(int fd, char name[PEER_MAX]) {
    struct sockaddr_storage address = {0};
    socklen_t len = sizeof(address);
    if (getpeername(fd, (struct sockaddr *)&address, &len) < 0)
        copy("local", name);
    else
        peer_of_address((const struct sockaddr *)&address, name);
}

/* An address or a host's name. Not the name of a Unix socket, which systemd passes since version
 * 257 and which the client chooses: it could look like more of the line. */
static bool is_host(const char *value) {
    size_t len =
        strspn(value, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.:%-_");
    return len > 0 && value[len] == '\0';
}

void peer_of(int fd, char name[PEER_MAX]) {
    static const char *const variables[] = {"REMOTE_ADDR", "TCPREMOTEIP", "REMOTE_HOST"};
    for (size_t i = 0; i < sizeof(variables) / sizeof(variables)[0]; i++) {
        const char *value = getenv(variables[i]);
        if (value != NULL && is_host(value)) {
            copy(value, name);
            return;
        }
    }
    peer_of_socket(fd, name);
}
