/* Reads a list of networks as an administrator writes it, and finds whether it has an address. */
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
    int family;                /* AF_INET or AF_INET6 */
    unsigned bits;             /* leading bits of address that count */
    unsigned char address[16]; /* in network byte order; IPv4 uses the first 4 */
};

struct networks {
    size_t count;
    struct network at[NETWORKS_MAX];
};

/* Adds the networks in list, separated by commas. Each is an address, or an address with the
 * number of leading bits that count (192.0.2.0/24, 2001:db8::/32). All other bits must be zero.
 * An IPv4-mapped IPv6 network (RFC 4291, section 2.5.5.2) counts as IPv4. Any other IPv6 network
 * has no IPv4 address in it: ::/0 is everybody by IPv6 only.
 * Returns 0, or -1 with a message for the operator in why. Networks before the faulty one may
 * have been added. */
int networks_add(struct networks *networks, const char *list, char why[NETWORKS_WHY_MAX]);

/* Returns true if address is in one of the networks. An IPv4-mapped IPv6 address (RFC 4291,
 * section 2.5.5.2) counts as IPv4. False for any other family. */
bool networks_hold(const struct networks *networks, const struct sockaddr *address);

#endif
