#include "sync/table.h"

#include "sync/checksum.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static uint32_t *table_slot(const struct table *table, const struct identity *id) {
    size_t mask = table->room * 2 - 1;
    size_t slot = (size_t)checksum(CHECKSUM_START, (struct span){id->bytes, IDENTITY_LEN}) & mask;
    while (table->slots[slot] != 0 &&
           memcmp(&table->at[table->slots[slot] - 1].id, id, sizeof(*id)) != 0)
        slot = (slot + 1) & mask;
    return &table->slots[slot];
}

struct table_entry *table_find(const struct table *table, const struct identity *id) {
    if (table->count == 0)
        return NULL;
    uint32_t found = *table_slot(table, id);
    return found == 0 ? NULL : &table->at[found - 1];
}

/* Doubles the room. There are twice as many slots, so at least half of them are free and every
 * search ends. Both numbers are powers of 2. */
static int table_grow(struct table *table) {
    size_t room = table->room == 0 ? 64 : table->room * 2;
    if (room > UINT32_MAX / 2) {
        errno = ENOMEM;
        return -1;
    }
    struct table_entry *at = reallocarray(table->at, room, sizeof(*at));
    if (at == NULL)
        return -1;
    table->at = at;
    uint32_t *slots = calloc(room * 2, sizeof(*slots));
    if (slots == NULL)
        return -1;
    free(table->slots);
    table->slots = slots;
    table->room = room;
    for (size_t i = 0; i < table->count; i++)
        *table_slot(table, &table->at[i].id) = (uint32_t)i + 1;
    return 0;
}

struct table_entry *table_get(struct table *table, const struct identity *id) {
    struct table_entry *found = table_find(table, id);
    if (found != NULL)
        return found;
    if (table->count == table->room && table_grow(table) < 0)
        return NULL;
    if (table->at == NULL)
        return NULL; /* never happens: the table has grown; for the static analyser */
    *table_slot(table, id) = (uint32_t)table->count + 1;
    table->at[table->count] = (struct table_entry){.id = *id};
    return &table->at[table->count++];
}

void table_set(struct table *table, struct table_entry *entry, bool there, struct span profile) {
    table->live += there;
    table->live -= entry->there;
    entry->there = there;
    entry->profile = there ? profile : (struct span){NULL, 0};
}

void table_free(struct table *table) {
    free(table->at);
    free(table->slots);
    *table = (struct table){0};
}
