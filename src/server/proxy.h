/* Parses the header in which a proxy names the client of a connection: the PROXY protocol, versions
 * 1 and 2, https://www.haproxy.org/download/2.6/doc/proxy-protocol.txt. Does no I/O. */
#ifndef LOOKUP_PROXY_H
#define LOOKUP_PROXY_H

#include "data/bytes.h"

#include <netinet/in.h>
#include <stdint.h>
#include <sys/socket.h>

enum {
    PROXY_V1_MAX = 107,          /* bytes of a version 1 header with its CRLF (section 2.1) */
    PROXY_SEEN_MAX = 16 + 216,   /* bytes of any header up to the end of its addresses */
    PROXY_MAX = 16 + UINT16_MAX, /* bytes of any header; version 2 may add fields after these */
};

union proxy_peer {
    struct sockaddr any; /* AF_UNSPEC: no client is named, so the proxy's address counts */
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

enum proxy_verdict {
    PROXY_MORE, /* the addresses are not complete; all bytes so far belong to the header */
    PROXY_WHOLE,
    PROXY_BROKEN, /* no further byte can make it valid */
};

struct proxy_header {
    size_t len; /* bytes of the header, maybe more than were given; the client's input follows */
    union proxy_peer peer;
};

/* Parses the header at the start of bytes. Sets header if it returns PROXY_WHOLE. Does not return
 * PROXY_MORE for PROXY_SEEN_MAX bytes or more. The peer is AF_UNSPEC for the proxy's own
 * connections (LOCAL), such as health checks, and for a client without an IPv4 or IPv6 address. An
 * IPv4-mapped IPv6 address (RFC 4291, section 2.5.5.2) is IPv4. */
enum proxy_verdict proxy_read(struct span bytes, struct proxy_header *header);

#endif
