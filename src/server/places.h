/* Counts the connections of each origin. An origin is an IPv4 address, the first 64 bits of an
 * IPv6 address (one customer's network), or a local user. A keyed hash gives its number, so
 * the memory is fixed, and two origins share a number only by chance. */
#ifndef LOOKUP_PLACES_H
#define LOOKUP_PLACES_H

#include "data/siphash.h"

#include <sys/socket.h>

enum { PLACES_ORIGINS = 8192 };

struct places {
    struct siphash_key key;
    uint16_t held[PLACES_ORIGINS]; /* connections of each origin; the caller counts */
};

/* Starts with no connections and a new key. Returns 0, or -1 with errno. */
int places_open(struct places *places);

/* Returns the number, less than PLACES_ORIGINS, of the origin of connection fd, whose peer is
 * from. */
unsigned places_origin(const struct places *places, int fd, const struct sockaddr *from);

/* Returns the largest number of connections that one origin holds. */
unsigned places_most(const struct places *places);

#endif
