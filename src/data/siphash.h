/* A hash that nobody can aim who does not know its key: SipHash-2-4 (Aumasson and
 * Bernstein, 2012). For tables whose keys are strangers' addresses. */
#ifndef LOOKUP_SIPHASH_H
#define LOOKUP_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

struct siphash_key {
    uint64_t half[2];
};

/* A random key. 0; -1 errno. */
int siphash_new_key(struct siphash_key *key);

uint64_t siphash(const struct siphash_key *key, const void *at, size_t len);

#endif
