#include "data/siphash.h"

#include <string.h>
#include <sys/random.h>

int siphash_new_key(struct siphash_key *key) {
    return getrandom(key, sizeof(*key), 0) == (ssize_t)sizeof(*key) ? 0 : -1;
}

static uint64_t rotate(uint64_t value, int bits) {
    return value << bits | value >> (64 - bits);
}

static void sip_rounds(uint64_t v[4], int count) {
    for (int i = 0; i < count; i++) {
        v[0] += v[1], v[1] = rotate(v[1], 13) ^ v[0], v[0] = rotate(v[0], 32);
        v[2] += v[3], v[3] = rotate(v[3], 16) ^ v[2];
        v[0] += v[3], v[3] = rotate(v[3], 21) ^ v[0];
        v[2] += v[1], v[1] = rotate(v[1], 17) ^ v[2], v[2] = rotate(v[2], 32);
    }
}

/* The very one but for the order of bytes on a big-endian machine. */
uint64_t siphash(const struct siphash_key *key, const void *at, size_t len) {
    const uint64_t *half = key->half;
    const char *bytes = at;
    uint64_t v[4] = {half[0] ^ 0x736f6d6570736575, half[1] ^ 0x646f72616e646f6d,
                     half[0] ^ 0x6c7967656e657261, half[1] ^ 0x7465646279746573};
    uint64_t word;
    for (size_t i = 0; i <= len / 8; i++) {
        size_t left = len - 8 * i;
        word = left < 8 ? (uint64_t)len << 56 : 0;
        memcpy(&word, bytes + 8 * i, left < 8 ? left : 8);
        v[3] ^= word;
        sip_rounds(v, 2);
        v[0] ^= word;
    }
    v[2] ^= 0xff;
    sip_rounds(v, 4);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}
