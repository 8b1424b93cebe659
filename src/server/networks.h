/* A list of networks, as an administrator writes them, and whether an address is in one. */
#ifndef LOOKUP_NETWORKS_H
#define LOOKUP_NETWORKS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

enum {
    NETWORKS_MAX = 64,
    NETWORKS_WHY_MAX = 160, /* bytes */
};

struct network {
    int family; /* AF_INET or AF_INET6 */
    unsigned bits;
    unsigned char address[16]; /* in network order; of IPv4 the first 4 */
};

struct networks {
    size_t count;
    struct network at[NETWORKS_MAX];
};

/* Adds those in list, parted by commas: each an address, or one with the number of leading bits
 * that count (192.0.2.0/24, 2001:db8::/32), those behind them being zero. 0; -1 and in why a
 * sentence for the operator. */
int networks_add(struct networks *networks, const char *list, char why[NETWORKS_WHY_MAX]);

/* An IPv4 address that an IPv6 socket tells (RFC 4291, section 2.5.5.2) is one of IPv4.
 * False for any other family. */
bool networks_hold(const struct networks *networks, const struct sockaddr *address);

#endif
