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

/* Sets servers to those of config. For a domain, asks the DNS each time; uses no record whose port
 * is 0, or whose host is neither the domain nor below it, and calls refuse with a line about it.
 * *refused is a checksum of the records refused, which the caller keeps from one call to the next;
 * 0 at first. If it stays the same, refuse is not called. Returns NULL, or what went wrong (static
 * text), for example that there is no server. */
const char *directory_servers_find(const struct sync_config *config,
                                   void (*refuse)(const char *line), uint64_t *refused,
                                   struct directory_servers *servers);

/* Returns the index of uri, or 0, that of the first server, if uri is none of them. */
unsigned directory_servers_place(const struct directory_servers *servers, const char *uri);

/* Starts the time anew. Call it after a server could be asked, however that went: the time is for
 * finding one. */
void directory_servers_restart_time(struct directory_servers *servers);

#endif
