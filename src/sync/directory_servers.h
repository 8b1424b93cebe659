/* The servers to ask: those of uri, or those that the DNS names for domain (RFC 2782). */
#ifndef LOOKUP_SYNC_DIRECTORY_SERVERS_H
#define LOOKUP_SYNC_DIRECTORY_SERVERS_H

#include "net/deadline.h"
#include "sync/config.h"

#include <stdint.h>

enum { DIRECTORY_SERVERS_URI_MAX = 288 }; /* bytes: scheme, a name of the DNS, port and NUL */

struct directory_servers {
    struct config_list uris; /* in the order in which to try them */
    deadline until;          /* by when one must be connected and bound; INT64_MAX: no limit */
    char text[CONFIG_LIST_MAX][DIRECTORY_SERVERS_URI_MAX];
};

/* Finds the servers, and asks the DNS each time. Calls refuse with a sentence for each record that
 * is not used, because its host is neither the domain nor below it. *refused is 0 at first, and
 * then stands for the records refused last: if they are the same again, nothing is said. Returns
 * NULL, or what went wrong (static text), for example that there is no server. */
const char *directory_servers_find(const struct sync_config *config,
                                   void (*refuse)(const char *line), uint64_t *refused,
                                   struct directory_servers *servers);

/* Returns the place of uri among them, or 0 if it is none of them. */
unsigned directory_servers_place(const struct directory_servers *servers, const char *uri);

/* Starts the time again, after a server that was found and then failed. */
void directory_servers_restart_time(struct directory_servers *servers);

#endif
