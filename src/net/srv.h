/* Finds the servers of a service in the DNS (RFC 2782). */
#ifndef LOOKUP_SRV_H
#define LOOKUP_SRV_H

#include "data/bytes.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    SRV_MAX = 16,      /* records of an answer; more are left out, the last to try first */
    SRV_NAME_MAX = 256 /* bytes of a name, its NUL included */
};

struct srv {
    uint16_t priority; /* the lowest comes first */
    uint16_t weight;   /* how often it comes first among those of one priority */
    uint16_t port;
    char host[SRV_NAME_MAX];
};

/* True for a name such as _lookup._tcp.example.org. */
bool srv_is_service(const char *name);

/* Asks the resolver for the records of name, and sorts them in the order in which to try
 * them. Has no deadline. Returns their number, or an error of getaddrinfo(3), which is
 * EAI_NONAME also if the records say that there is no such service. */
int srv_find(const char *name, struct srv records[SRV_MAX]);

/* Reads the records of a DNS message (RFC 1035, section 4.1), in no order, without those that
 * name no server. Returns their number, or -1 if the message is broken. */
int srv_read(struct span message, struct srv records[SRV_MAX]);

#endif
