/* Who holds how many of a server's places: a source is an IPv4 address, the first 64 bits
 * of an IPv6 address, which are one customer's, or a local user. Sources are told apart by
 * a keyed hash, so the memory is fixed; two share a number by chance only. */
#ifndef LOOKUP_PLACES_H
#define LOOKUP_PLACES_H

#include "data/siphash.h"

#include <sys/socket.h>

enum { PLACES_SOURCES = 8192 };

struct places {
    struct siphash_key key;
    uint16_t held[PLACES_SOURCES]; /* by each, for the caller to count */
};

/* Nobody holds any. 0; -1 errno. */
int places_open(struct places *places);

/* The number, below PLACES_SOURCES, of the source of connection fd, which is from there. */
unsigned places_source(const struct places *places, int fd, const struct sockaddr *from);

/* How many the source holds that holds most. */
unsigned places_most(const struct places *places);

#endif
