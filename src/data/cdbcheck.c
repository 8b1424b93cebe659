#include "data/cdbcheck.h"

#include "data/book.h"

#include <string.h>

bool cdbcheck_is_found(const struct cdb_image *image, const struct cdb_record *record) {
    struct cdb_search search;
    struct cdb_record found;
    cdbread_seek(image, record->key, &search);
    while (cdbread_next(image, &search, &found) > 0)
        if (found.offset == record->offset)
            return true;
    return false;
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
        if (!cdbcheck_is_whole(&record) || !cdbcheck_is_found(image, &record))
            return -1;
        records++;
    }
    return more == 0 && cdbcheck_pointers(image) == records ? 1 : -1;
}
