/* IPv4-mapped IPv6 addresses (RFC 4291, section 2.5.5.2): a client of IPv4 has one at a socket of
 * IPv6. */
#ifndef LOOKUP_MAPPED_H
#define LOOKUP_MAPPED_H

#include <netinet/in.h>
#include <stddef.h>

/* Returns the 4 bytes of the IPv4 address in v6, or NULL if v6 is not an IPv4-mapped address. */
static inline const unsigned char *mapped_ipv4(const struct in6_addr *v6) {
    return IN6_IS_ADDR_V4MAPPED(v6) ? &v6->s6_addr[12] : NULL;
}

#endif
