/* A checksum against accidents, not against attackers: FNV-1a, 64 bits. */
#ifndef LOOKUP_SYNC_CHECKSUM_H
#define LOOKUP_SYNC_CHECKSUM_H

#include "data/bytes.h"

#include <stdint.h>

#define CHECKSUM_START UINT64_C(0xCBF29CE484222325)

/* Returns the checksum after s. so_far is that of the bytes before, or CHECKSUM_START. */
static inline uint64_t checksum(uint64_t so_far, struct span s) {
    for (size_t i = 0; i < s.len; i++)
        so_far = (so_far ^ (unsigned char)s.at[i]) * UINT64_C(0x100000001B3);
    return so_far;
}

#endif
