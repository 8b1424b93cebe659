/* A hash table of the directory's entries, by identity. */
#ifndef LOOKUP_SYNC_TABLE_H
#define LOOKUP_SYNC_TABLE_H

#include "data/bytes.h"

#include <stdbool.h>
#include <stdint.h>

enum { IDENTITY_LEN = 16 };

/* Identifies an entry for its whole life, such as its entryUUID. */
struct identity {
    char bytes[IDENTITY_LEN];
};

struct table_entry {
    struct identity id;
    struct span profile; /* borrowed: the table does not own the bytes */
    bool there;          /* false: it was removed */
    bool named;          /* for the caller: the server has named the entry in this answer */
    bool lost;           /* for the caller: the entry seems to be gone */
};

/* All zero: an empty table. */
struct table {
    struct table_entry *at; /* in the order in which they were first added */
    uint32_t *slots;        /* 1 + the index of an entry, by its hash; 0: free */
    size_t count;           /* includes removed entries */
    size_t room;            /* entries that fit; slots has twice as many */
    size_t live;            /* entries that are there */
};

/* Returns the entry, even if it was removed, or NULL if it was never added. The pointer is valid
 * until the next table_get. */
struct table_entry *table_find(const struct table *table, const struct identity *id);

/* As table_find, but adds a missing entry, with there false. Returns NULL with errno if there is no
 * memory. */
struct table_entry *table_get(struct table *table, const struct identity *id);

/* Sets there and profile of entry, and updates live. Without there, the profile is empty. */
void table_set(struct table *table, struct table_entry *entry, bool there, struct span profile);

void table_free(struct table *table);

#endif
