/* The servers of a service, by the DNS (RFC 2782). */
#ifndef LOOKUP_SRV_H
#define LOOKUP_SRV_H

#include "data/bytes.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    SRV_MAX = 16,      /* records of an answer; the rest does not count */
    SRV_NAME_MAX = 256 /* bytes of a name, its NUL included */
};

struct srv {
    uint16_t priority; /* the lowest comes first */
    uint16_t weight;   /* among those of one priority, how often this one does */
    uint16_t port;
    char host[SRV_NAME_MAX];
};

/* True of a name such as _lookup._tcp.example.org. */
bool srv_is_service(const char *name);

/* Asks the resolver for the records of name, and sorts them as they are to be tried. Has no
 * deadline. Their number, or an error of getaddrinfo(3): EAI_NONAME also if the service is
 * said not to be there. */
int srv_find(const char *name, struct srv records[SRV_MAX]);

/* Reads the records of a DNS message (RFC 1035, section 4.1), as they come. Their number;
 * -1: the bytes are broken. */
int srv_read(struct span message, struct srv records[SRV_MAX]);

#endif
