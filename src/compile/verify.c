#include "compile/verify.h"

#include "compile/entries.h"
#include "compile/index.h"
#include "data/fold.h"
#include "data/utf8.h"

enum { FORGET_EVERY = 16 }; /* tables */

static bool is_folded(struct span key) {
    static char bytes[NAME_KEYS_ROOM * FOLD_GROWTH];
    struct text folded = {.at = bytes, .cap = sizeof(bytes)};
    return key.len <= NAME_KEYS_ROOM && fold_name(key, &folded) == 0 &&
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

/* What is wrong with a record that can be reached, or NULL. Those of words are
 * compared with what they should be; see verify_words. */
static const char *verify_record(const struct cdb_record *record) {
    if (span_starts(record->key, BOOK_WORD))
        return NULL;
    bool spelling = span_starts(record->key, BOOK_SPELLING);
    struct span name = span_from(record->key, spelling ? BOOK_SPELLING.len : 0);
    if (!utf8_is_plain(name) || !is_folded(name))
        return "a key that is not a folded name";
    if (!utf8_is_plain(record->value) || record->value.len == 0)
        return "an office that is not plain text";
    return NULL;
}

/* Of all kinds; records counts them, words those of words, which come last. */
static const char *verify_records(const struct book *book, uint64_t *records, uint64_t *words) {
    struct cdb_record record = {0};
    int more;
    while ((more = book_walk(book, &record)) > 0) {
        ++*records;
        if (span_starts(record.key, BOOK_WORD))
            ++*words;
        else if (*words > 0)
            return "a name behind the words";
        if (!is_reachable(&book->image, &record))
            return "a record that no search finds";
        const char *fault = verify_record(&record);
        if (fault != NULL)
            return fault;
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
        if (number % FORGET_EVERY == FORGET_EVERY - 1)
            book_forget(book);
    }
    return fault;
}

struct comparison {
    const struct book *book;
    uint64_t words;
    bool differs;
};

static int compare_word(void *context, struct span key, struct span value) {
    struct comparison *comparison = context;
    struct cdb_search search;
    struct cdb_record found;
    cdbread_seek(&comparison->book->image, key, &search);
    bool same = cdbread_next(&comparison->book->image, &search, &found) > 0 &&
                span_equal(found.value, value);
    comparison->words++;
    comparison->differs = !same;
    return same ? 0 : -1;
}

/* The index, of so many words, must be the very one that these entries make. */
static const char *verify_words(const struct book *book, uint64_t words) {
    struct comparison comparison = {.book = book};
    if (words == 0)
        return NULL;
    if (index_make(book, compare_word, &comparison) < 0)
        return comparison.differs ? "a word that is not answered as its names are"
                                  : "words that cannot be verified";
    return comparison.words == words ? NULL : "a word that no name has";
}

static const char *count_entries(const struct book *book, unsigned long *entries) {
    struct entries walk = {0};
    struct book_entry entry = {0};
    int more;
    *entries = 0;
    while ((more = entries_next(book, &walk, &entry)) > 0)
        ++*entries;
    return more < 0 ? "a name without its office" : NULL;
}

const char *verify_book(const struct book *book, unsigned long *entries) {
    uint64_t records = 0;
    uint64_t words = 0;
    uint64_t pointers = 0;
    const char *fault = verify_records(book, &records, &words);
    if (fault == NULL)
        fault = verify_tables(book, &pointers);
    if (fault == NULL && records != pointers)
        fault = "more pointers than records";
    if (fault == NULL)
        fault = count_entries(book, entries);
    return fault != NULL ? fault : verify_words(book, words);
}
