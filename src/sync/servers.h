/* The servers to ask: those of uri, or those that the DNS names for domain (RFC 2782). */
#ifndef LOOKUP_SYNC_SERVERS_H
#define LOOKUP_SYNC_SERVERS_H

#include "net/deadline.h"
#include "sync/config.h"

enum { SERVERS_URI_MAX = 288 }; /* bytes: scheme, a name of the DNS, port and NUL */

struct servers {
    struct config_list uris; /* in the order in which to try them */
    deadline until;          /* by when one must be connected and bound; INT64_MAX: no limit */
    char text[CONFIG_LIST_MAX][SERVERS_URI_MAX];
};

/* Finds the servers, and asks the DNS each time. Calls refuse with a sentence for each record that
 * is not used, because its host is neither the domain nor below it. Returns NULL, or what went
 * wrong (static text), for example that there is no server. */
const char *servers_find(const struct sync_config *config, void (*refuse)(const char *line),
                         struct servers *servers);

/* Starts the time again, after a server that was found and then failed. */
void servers_restart_time(struct servers *servers);

#endif
