/* slot_names COUNT: a source of so many names, no two of one hash, that would all be looked for
 * from the same two slots on in a CDB file that has no other names in their hash table. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { LETTERS = 7, TABLE = 7 };

static unsigned long wanted, left;
static char name[LETTERS + 1];

static void extend(int at, uint32_t hash) {
    if (at == LETTERS) {
        if (hash % 256 != TABLE || hash / 256 % wanted != 0)
            return;
        printf("%s = A\n", name);
        left--;
        return;
    }
    for (char c = 'A'; c <= 'Z' && left > 0; c++) {
        name[at] = c;
        extend(at + 1, hash * 33 ^ (unsigned char)c);
    }
}

int main(int argc, char **argv) {
    wanted = left = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
    if (wanted > 0)
        extend(0, 5381);
    return left > 0;
}
