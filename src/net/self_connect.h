/* A client's socket on this host can get the very port that it connects to as its own, if no
 * server holds it and it is one of those that the kernel chooses from (ip_local_port_range in
 * ip(7)). It is then connected to itself, and would read its request as the answer. */
#ifndef LOOKUP_SELF_CONNECT_H
#define LOOKUP_SELF_CONNECT_H

#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

/* True if the connected socket fd is its own peer. The caller takes that for ECONNREFUSED. */
static inline bool is_self_connected(int fd) {
    struct sockaddr_storage own = {0};
    struct sockaddr_storage peer = {0};
    socklen_t len = sizeof(own);
    socklen_t peer_len = sizeof(peer);
    return getsockname(fd, (struct sockaddr *)&own, &len) == 0 && own.ss_family != AF_UNIX &&
           getpeername(fd, (struct sockaddr *)&peer, &peer_len) == 0 && len == peer_len &&
           memcmp(&own, &peer, len) == 0;
}

#endif
