#include "data/cdbcheck.h"

#include "data/book.h"

#include <string.h>

uint64_t cdbcheck_pointer(uint32_t hash, uint32_t offset) {
    uint64_t pointer = ((uint64_t)hash << 32 | offset) * UINT64_C(0x9E3779B97F4A7C15);
    pointer = (pointer ^ pointer >> 32) * UINT64_C(0x9E3779B97F4A7C15);
    return pointer ^ pointer >> 29;
}

/* Returns the number of an empty slot; slots if there is none. */
static uint32_t cdbcheck_empty_slot(const struct cdb_table *table) {
    uint32_t at = 0;
    while (at < table->slots && cdbread_slot(table, at).offset != 0)
        at++;
    return at;
}

bool cdbcheck_table(const struct cdb_image *image, uint32_t number, uint64_t *sum) {
    struct cdb_table table = cdbread_table(image, number);
    if ((uint64_t)(table.at - image->at) + (uint64_t)table.slots * 8 > image->size)
        return false;
    uint32_t empty = cdbcheck_empty_slot(&table);
    uint32_t used = empty == table.slots ? table.slots : 0; /* slots in use up to this one */
    for (uint32_t i = 0; i < table.slots; i++) {
        uint32_t at = (empty + i) % table.slots;
        struct cdb_slot slot = cdbread_slot(&table, at);
        used = slot.offset == 0 ? 0 : used + 1;
        if (slot.offset == 0)
            continue;
        uint32_t first = slot.hash / CDB_TABLES % table.slots;
        if (slot.hash % CDB_TABLES != number || (at + table.slots - first) % table.slots >= used)
            return false;
        *sum += cdbcheck_pointer(slot.hash, slot.offset);
    }
    return true;
}

/* Returns true for the lists of words (postings.h). The spellings of names, which stand under a
 * control character, too, may be all zeros. */
static bool cdbcheck_is_list(struct span key) {
    return span_starts(key, BOOK_LIST) || span_starts(key, BOOK_LIST_MORE) ||
           span_starts(key, BOOK_LISTS);
}

/* Detects bytes that were zeroed: no key and no text has one. A list has at most four in a row: the
 * end of its head, and a first entry 0 whose first initial has a code point. */
static bool cdbcheck_is_whole(const struct cdb_record *record) {
    static const char zeros[5];
    struct span key = record->key;
    struct span value = record->value;
    if (key.len == 0 || key.at[0] == '\0')
        return false;
    if ((unsigned char)key.at[0] < ' ')
        return !cdbcheck_is_list(key) || memmem(value.at, value.len, zeros, sizeof(zeros)) == NULL;
    return memchr(key.at, '\0', key.len) == NULL && value.len > 0 &&
           memchr(value.at, '\0', value.len) == NULL;
}

int cdbcheck(const struct cdb_image *image) {
    struct cdb_record record = {0};
    uint64_t wanted = 0;
    uint64_t found = 0;
    int more;
    while ((more = cdbread_walk(image, &record)) > 0) {
        if (!cdbcheck_is_whole(&record))
            return -1;
        wanted += cdbcheck_pointer(cdbread_hash(record.key), record.offset);
    }
    for (uint32_t number = 0; more == 0 && number < CDB_TABLES; number++)
        if (!cdbcheck_table(image, number, &found))
            return -1;
    return more == 0 && found == wanted ? 1 : -1;
}
