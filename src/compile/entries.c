#include "compile/entries.h"

/* Passes the records that follow a spelling, one for each of its keys. */
static int pass_keys(const struct book *book, struct entries *walk, struct book_entry *entry) {
    if (name_keys_of(entry->name, &walk->keys) < 0)
        return -1;
    for (size_t i = 0; i < walk->keys.count; i++) {
        if (book_walk(book, &walk->record) <= 0 || !span_equal(walk->record.key, walk->keys.key[i]))
            return -1;
        if (i == 0) {
            entry->first = walk->record.offset;
            entry->key = walk->record.key;
            entry->office = walk->record.value;
        }
        if (!span_equal(walk->record.value, entry->office))
            return -1;
    }
    entry->last = walk->record.offset;
    entry->records = walk->keys.count;
    return 1;
}

int entries_next(const struct book *book, struct entries *walk, struct book_entry *entry) {
    int more = book_walk(book, &walk->record);
    if (more <= 0 || span_starts(walk->record.key, BOOK_WORD))
        return more < 0 ? -1 : 0;
    entry->start = walk->record.offset;
    entry->number = ++walk->number;
    if (span_starts(walk->record.key, BOOK_SPELLING)) {
        entry->name = walk->record.value;
        return pass_keys(book, walk, entry);
    }
    entry->name = entry->key = walk->record.key;
    entry->office = walk->record.value;
    entry->first = entry->last = walk->record.offset;
    entry->records = 1;
    return 1;
}

int entries_at(const struct cdb_image *image, uint32_t start, struct book_entry *entry) {
    struct cdb_record record;
    *entry = (struct book_entry){0};
    if (cdbread_at(image, start, &record) < 0)
        return -1;
    bool spelled = span_starts(record.key, BOOK_SPELLING);
    entry->name = spelled ? record.value : record.key;
    if (spelled && cdbread_walk(image, &record) <= 0)
        return -1;
    entry->key = record.key;
    entry->office = record.value;
    return 1;
}
