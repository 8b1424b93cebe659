/* The servers that a run may ask: several hosts that answer alike, or one Unix socket.
 * They are tried in turn; the one that answered last is the first to be asked next, so
 * that one that is dead costs a run its share of one deadline, not of each. */
#ifndef LOOKUP_SERVERS_H
#define LOOKUP_SERVERS_H

#include "net/deadline.h"
#include "net/resolve.h"

#include <netdb.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/un.h>

enum { SERVERS_MAX = 16 };

struct server {
    const char *host;
    const char *port;              /* NULL: that of the others */
    struct resolution *resolution; /* NULL: not asked for yet */
    const struct addrinfo *addresses[RESOLVE_ADDRESSES_MAX];
    size_t count;
    size_t first; /* of its addresses */
};

struct servers {
    const char *path; /* a Unix socket; else NULL, and the others count */
    const char *port;
    int family; /* AF_UNSPEC, AF_INET or AF_INET6 */
    bool datagram;
    size_t count;
    size_t first;
    struct server one[SERVERS_MAX];
    struct sockaddr_un un;
    struct addrinfo un_address;
};

/* Sets the servers from HOST[:PORT] or _SERVICE,..., which it cuts into pieces and which must stay.
 * An IPv6 address before a port stands in brackets (RFC 3986, section 3.2.2). False: it is no such
 * list, or one of more than SERVERS_MAX. */
bool servers_set(struct servers *servers, char *list);

/* True if one of them has a port of its own, as those of a service have. */
bool servers_have_port(const struct servers *servers);

/* Leaves all of them to the port that is that of the others. */
void servers_drop_ports(struct servers *servers);

/* Sets the Unix socket at path as the only one. False: the path is too long. */
bool servers_set_path(struct servers *servers, const char *path);

/* The server's addresses are there: NULL; or why not (static text). */
const char *servers_resolve(struct servers *servers, struct server *server, deadline until);

/* A host that could not be resolved may be asked for again. */
void servers_retry(struct servers *servers);

#endif
