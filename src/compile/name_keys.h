/* The keys under which a name stands in the book. */
#ifndef LOOKUP_NAME_KEYS_H
#define LOOKUP_NAME_KEYS_H

#include "data/bytes.h"

enum {
    NAME_KEYS_MAX = 4,
    NAME_KEYS_ROOM = 48 * 1024, /* upper case and decomposition can each treble a name */
};

/* Distinct; the first is the fold of the name's composed form. */
struct keys {
    struct span key[NAME_KEYS_MAX];
    size_t count;
    char room[NAME_KEYS_ROOM]; /* where they stand */
};

/* Sets keys for name: its fold in composed (NFC) and in decomposed form (NFD),
 * so that a request finds it in either (Unicode Standard Annex 15). name must
 * be plain UTF-8 of at most BOOK_NAME_MAX bytes. -1 errno. */
int name_keys_of(struct span name, struct keys *keys);

#endif
