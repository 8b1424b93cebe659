/* Connects to a server by TCP or a Unix socket. */
#ifndef LOOKUP_SYNC_DIAL_H
#define LOOKUP_SYNC_DIAL_H

#include "net/deadline.h"

#include <stdbool.h>

struct dial {
    const char *host;   /* name or address; or the path of a Unix socket */
    const char *port;   /* NULL: a Unix socket */
    bool is_whole_name; /* the resolver appends no domain to host */
};

/* Resolves the host, which may take 10 seconds, and connects, which may take 3; the addresses share
 * these 3 seconds. All of it ends by until. Returns a descriptor in blocking mode, as libldap
 * expects, or -1 with the reason in *why (static text). */
int dial(const struct dial *to, deadline until, const char **why);

#endif
