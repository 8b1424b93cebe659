/* The header by which a proxy says whose connection it hands on (the PROXY protocol, versions 1 and
 * 2, https://www.haproxy.org/download/2.6/doc/proxy-protocol.txt). Pure: bytes in, a verdict out.
 */
#ifndef LOOKUP_PROXY_H
#define LOOKUP_PROXY_H

#include "data/bytes.h"

#include <netinet/in.h>
#include <sys/socket.h>

enum {
    PROXY_V1_MAX = 107, /* bytes, its CRLF included: section 2.1 */
    PROXY_MAX =
        536, /* of version 2 with all that may follow its addresses: a smallest packet's worth */
};

union proxy_peer {
    struct sockaddr any; /* AF_UNSPEC: not said; the proxy's own address counts */
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

enum proxy_verdict {
    PROXY_MORE, /* no header can be told apart yet; all bytes so far are its */
    PROXY_WHOLE,
    PROXY_BROKEN, /* whatever follows */
};

struct proxy_header {
    size_t len; /* bytes; what is behind them is the client's */
    union proxy_peer peer;
};

/* Reads what bytes begin with. Never PROXY_MORE of PROXY_MAX bytes or more. header is set if it is
 * whole. Its peer stays unsaid of a connection that is the proxy's own, as for a health check
 * (LOCAL), and of a client that is known by no address of IPv4 or IPv6. */
enum proxy_verdict proxy_read(struct span bytes, struct proxy_header *header);

#endif
