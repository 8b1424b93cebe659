#include "import/verify.h"

#include "data/fold.h"
#include "data/utf8.h"
#include "import/entries.h"

static bool is_folded(struct span key) {
    static char bytes[KEYS_ROOM * FOLD_GROWTH];
    struct text folded = {.at = bytes, .cap = sizeof(bytes)};
    return key.len <= KEYS_ROOM && fold_name(key, &folded) == 0 &&
           span_equal(text_span(&folded), key);
}

static bool is_reachable(const struct cdb_image *image, const struct cdb_record *record) {
    struct cdb_search search;
    struct cdb_record found;
    cdbread_seek(image, record->key, &search);
    while (cdbread_next(image, &search, &found) > 0)
        if (found.offset == record->offset)
            return true;
    return false;
}

/* Names and spellings alike; records counts them. */
static const char *verify_records(const struct cdb_image *image, uint64_t *records) {
    struct cdb_record record = {0};
    int more;
    while ((more = cdbread_walk(image, &record)) > 0) {
        bool spelling = span_starts(record.key, BOOK_SPELLING);
        struct span name = span_from(record.key, spelling ? BOOK_SPELLING.len : 0);
        ++*records;
        if (!is_reachable(image, &record))
            return "a record that no search finds";
        if (!utf8_is_plain(name) || !is_folded(name))
            return "a key that is not a folded name";
        if (!utf8_is_plain(record.value) || record.value.len == 0)
            return "an office that is not plain text";
    }
    return more < 0 ? "a record that ends outside the book" : NULL;
}

static const char *verify_tables(const struct cdb_image *image, uint64_t *pointers) {
    uint32_t hash = 0;
    struct cdb_record record;
    for (uint32_t table = 0; table < CDB_TABLES; table++) {
        int64_t offset;
        for (uint32_t slot = 0; (offset = cdbread_slot(image, table, slot, &hash)) >= 0; slot++) {
            if (offset == 0)
                continue;
            ++*pointers;
            if (cdbread_at(image, (uint32_t)offset, &record) < 0)
                return "a pointer that leads outside the records";
            if (cdbread_hash(record.key) != hash || hash % CDB_TABLES != table)
                return "a pointer that does not fit its record";
        }
    }
    return NULL;
}

const char *verify_book(const struct book *book, unsigned long *entries) {
    uint64_t records = 0;
    uint64_t pointers = 0;
    const char *fault = verify_records(&book->image, &records);
    if (fault == NULL)
        fault = verify_tables(&book->image, &pointers);
    if (fault != NULL)
        return fault;
    if (records != pointers)
        return "more pointers than records";
    struct entries walk = {0};
    struct book_entry entry;
    int more;
    *entries = 0;
    while ((more = entries_next(&book->image, &walk, &entry)) > 0)
        ++*entries;
    return more < 0 ? "a name without its office" : NULL;
}
