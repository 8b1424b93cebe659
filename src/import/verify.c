#include "import/verify.h"

#include "data/fold.h"
#include "data/utf8.h"
#include "import/entries.h"

enum {
    FORGET_RECORDS = 1 << 20, /* after so many what was read of the book is let go */
    FORGET_TABLES = 16,
};

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
static const char *verify_records(const struct book *book, uint64_t *records) {
    struct cdb_record record = {0};
    int more;
    while ((more = cdbread_walk(&book->image, &record)) > 0) {
        bool spelling = span_starts(record.key, BOOK_SPELLING);
        struct span name = span_from(record.key, spelling ? BOOK_SPELLING.len : 0);
        if (++*records % FORGET_RECORDS == 0)
            book_forget(book);
        if (!is_reachable(&book->image, &record))
            return "a record that no search finds";
        if (!utf8_is_plain(name) || !is_folded(name))
            return "a key that is not a folded name";
        if (!utf8_is_plain(record.value) || record.value.len == 0)
            return "an office that is not plain text";
    }
    return more < 0 ? "a record that ends outside the book" : NULL;
}

static const char *verify_slot(const struct cdb_image *image, uint32_t table,
                               struct cdb_slot slot) {
    struct cdb_record record;
    if (cdbread_at(image, slot.offset, &record) < 0)
        return "a pointer that leads outside the records";
    if (cdbread_hash(record.key) != slot.hash || slot.hash % CDB_TABLES != table)
        return "a pointer that does not fit its record";
    return NULL;
}

static const char *verify_tables(const struct book *book, uint64_t *pointers) {
    const char *fault = NULL;
    for (uint32_t number = 0; number < CDB_TABLES; number++) {
        struct cdb_table table = cdbread_table(&book->image, number);
        for (uint32_t i = 0; i < table.slots && fault == NULL; i++) {
            struct cdb_slot slot = cdbread_slot(&table, i);
            if (slot.offset == 0)
                continue;
            ++*pointers;
            fault = verify_slot(&book->image, number, slot);
        }
        if (number % FORGET_TABLES == FORGET_TABLES - 1)
            book_forget(book);
    }
    return fault;
}

const char *verify_book(const struct book *book, unsigned long *entries) {
    uint64_t records = 0;
    uint64_t pointers = 0;
    const char *fault = verify_records(book, &records);
    if (fault == NULL)
        fault = verify_tables(book, &pointers);
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
