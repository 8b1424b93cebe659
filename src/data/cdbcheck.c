#include "data/cdbcheck.h"

bool cdbcheck_is_found(const struct cdb_image *image, const struct cdb_record *record) {
    struct cdb_search search;
    struct cdb_record found;
    cdbread_seek(image, record->key, &search);
    while (cdbread_next(image, &search, &found) > 0)
        if (found.offset == record->offset)
            return true;
    return false;
}

/* Detects bytes that were zeroed. Keys that start with a control character are
 * not names, and their values may hold any bytes. */
static bool cdbcheck_is_text(const struct cdb_record *record) {
    if (record->key.len == 0 || record->key.at[0] == '\0')
        return false;
    return (unsigned char)record->key.at[0] < ' ' ||
           (memchr(record->key.at, '\0', record->key.len) == NULL && record->value.len > 0 &&
            memchr(record->value.at, '\0', record->value.len) == NULL);
}

static uint64_t cdbcheck_pointers(const struct cdb_image *image) {
    uint64_t count = 0;
    for (uint32_t number = 0; number < CDB_TABLES; number++) {
        struct cdb_table table = cdbread_table(image, number);
        if ((uint64_t)(table.at - image->at) + (uint64_t)table.slots * 8 > image->size)
            return UINT64_MAX;
        for (uint32_t i = 0; i < table.slots; i++)
            count += cdbread_slot(&table, i).offset != 0;
    }
    return count;
}

int cdbcheck(const struct cdb_image *image) {
    struct cdb_record record = {0};
    uint64_t records = 0;
    int more;
    while ((more = cdbread_walk(image, &record)) > 0) {
        if (!cdbcheck_is_text(&record) || !cdbcheck_is_found(image, &record))
            return -1;
        records++;
    }
    return more == 0 && cdbcheck_pointers(image) == records ? 1 : -1;
}
