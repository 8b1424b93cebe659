/* The directory's entries, by their identity. */
#ifndef LOOKUP_SYNC_TABLE_H
#define LOOKUP_SYNC_TABLE_H

#include "data/bytes.h"

#include <stdbool.h>
#include <stdint.h>

enum { IDENTITY_LEN = 16 };

/* That of an entry as long as it lives, as its entryUUID is. */
struct identity {
    char bytes[IDENTITY_LEN];
};

struct table_entry {
    struct identity id;
    struct span profile; /* whose bytes are not the table's */
    bool there;          /* false: it was removed */
    bool named;          /* for the caller to use */
    bool lost;           /* likewise */
};

/* All zero: an empty one. */
struct table {
    struct table_entry *at; /* in the order in which they were first added */
    uint32_t *slots;        /* 1 + the index of an entry, by its hash; 0: free */
    size_t count;           /* of those removed too */
    size_t room;
    size_t live; /* those that are there */
};

/* The entry, there or removed; NULL: there never was one. */
struct table_entry *table_find(const struct table *table, const struct identity *id);

/* The same; if there never was one it is made, not there yet. NULL errno. */
struct table_entry *table_get(struct table *table, const struct identity *id);

/* Sets what entry is, or that it is not. */
void table_set(struct table *table, struct table_entry *entry, bool there, struct span profile);

void table_free(struct table *table);

#endif
