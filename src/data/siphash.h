/* A keyed hash: nobody without the key can choose inputs that collide. SipHash-2-4 (Aumasson
 * and Bernstein, 2012), for tables whose keys are strangers' addresses. */
#ifndef LOOKUP_SIPHASH_H
#define LOOKUP_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

struct siphash_key {
    uint64_t half[2];
};

/* Sets key to a random key. Returns 0, or -1 with errno. */
int siphash_new_key(struct siphash_key *key);

/* Returns the hash of len bytes. It differs between machines of different byte orders. */
uint64_t siphash(const struct siphash_key *key, const void *at, size_t len);

#endif
