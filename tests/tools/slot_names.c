/* slot_names COUNT: prints a source of COUNT names whose hashes all differ. In a CDB file that has
 * no other names in their hash table, each search for one of them starts at one of the same two
 * slots.
 *
 * slot_names COUNT PREFIX...: prints COUNT names with each prefix. The prefixes must have the same
 * hash; then names that differ in the prefix alone have the same hash, too. The searches for names
 * that differ otherwise start at adjacent slots. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { LETTERS = 5, NAMES = 26 * 26 * 26 * 26 * 26, TABLE = 7, BUCKETS = 1 << 16 };

static const uint32_t OF_33 = 0x3E0F83E1; /* the inverse: times 33 it is 1 (modulo 2^32) */

static struct { uint32_t hash, name; } begins[NAMES]; /* by the upper half of their hashes */
static uint32_t bucket_ends[BUCKETS + 1];

static void spell(uint32_t name, char letters[LETTERS + 1]) {
    letters[LETTERS] = '\0';
    for (int i = 0; i < LETTERS; i++, name /= 26)
        letters[i] = (char)('A' + name % 26);
}

static uint32_t hash_after(uint32_t hash, const char *letters) {
    for (; *letters != '\0'; letters++)
        hash = hash * 33 ^ (unsigned char)*letters;
    return hash;
}

static uint32_t hash_of(uint32_t start, uint32_t name) {
    char letters[LETTERS + 1];
    spell(name, letters);
    return hash_after(start, letters);
}

/* Returns the hash that these letters, added to it, turn into hash. */
static uint32_t hash_before(uint32_t hash, const char *letters) {
    for (int i = LETTERS - 1; i >= 0; i--)
        hash = (hash ^ (unsigned char)letters[i]) * OF_33;
    return hash;
}

static void sort_begins(uint32_t start) {
    for (uint32_t name = 0; name < NAMES; name++)
        bucket_ends[hash_of(start, name) / BUCKETS + 1]++;
    for (uint32_t i = 0; i < BUCKETS; i++)
        bucket_ends[i + 1] += bucket_ends[i];
    for (uint32_t name = 0; name < NAMES; name++) {
        uint32_t hash = hash_of(start, name);
        uint32_t at = bucket_ends[hash / BUCKETS]++;
        begins[at].hash = hash;
        begins[at].name = name;
    }
}

/* Finds a name of that hash: first and last are its halves. Returns 0, or -1 if there is none. */
static int find_name(uint32_t hash, char first[LETTERS + 1], char last[LETTERS + 1]) {
    for (uint32_t name = 0; name < NAMES; name++) {
        spell(name, last);
        uint32_t before = hash_before(hash, last);
        uint32_t bucket = before / BUCKETS;
        for (uint32_t i = bucket == 0 ? 0 : bucket_ends[bucket - 1]; i < bucket_ends[bucket]; i++)
            if (begins[i].hash == before) {
                spell(begins[i].name, first);
                return 0;
            }
    }
    return -1;
}

int main(int argc, char **argv) {
    unsigned long count = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
    uint32_t step = argc > 2 ? 1 : (uint32_t)count;
    char first[LETTERS + 1];
    char last[LETTERS + 1];
    sort_begins(hash_after(5381, argc > 2 ? argv[2] : ""));
    for (uint32_t i = 0; i < count; i++) {
        if (find_name(256 * step * i + TABLE, first, last) < 0)
            return 1;
        if (argc <= 2)
            printf("%s%s = A\n", first, last);
        for (int prefix = 2; prefix < argc; prefix++)
            printf("%s%s%s = A\n", argv[prefix], first, last);
    }
    return 0;
}
