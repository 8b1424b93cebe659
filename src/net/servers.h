/* The servers that the client may ask: several hosts with the same answers, or one Unix
 * socket. They are tried in turn, and the next request begins with the one that answered
 * last. So a dead server delays only one request of a run. */
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
    const char *port;              /* NULL: that of struct servers */
    struct resolution *resolution; /* NULL: not started */
    const struct addrinfo *addresses[RESOLVE_ADDRESSES_MAX];
    size_t count;
    size_t first; /* index of the address to try first */
};

struct servers {
    const char *path; /* a Unix socket, or NULL: then port, family and one are used */
    const char *port;
    int family; /* AF_UNSPEC, AF_INET or AF_INET6 */
    bool datagram;
    size_t count;
    size_t first;
    struct server one[SERVERS_MAX];
    struct sockaddr_un un;
    struct addrinfo un_address;
};

/* Sets the servers from a list of HOST[:PORT] or _SERVICE, separated by commas. Writes NULs
 * into list, which must stay valid. An IPv6 address before a port is in brackets (RFC 3986,
 * section 3.2.2). Returns false if it is no such list, or longer than SERVERS_MAX. */
bool servers_set(struct servers *servers, char *list);

/* True if one of them has its own port; those of a service have. */
bool servers_have_port(const struct servers *servers);

/* Makes all of them use servers->port. */
void servers_drop_ports(struct servers *servers);

/* Makes the Unix socket at path the only server. Returns false if path is too long. */
bool servers_set_path(struct servers *servers, const char *path);

/* Waits for the server's addresses. Returns NULL, or what went wrong (static text). */
const char *servers_resolve(struct servers *servers, struct server *server, deadline until);

/* Lets the next request resolve again each host that could not be resolved. */
void servers_retry(struct servers *servers);

#endif
