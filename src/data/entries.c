#include "data/entries.h"

#include "data/postings.h"

enum { OFFSET_SIZE = 4 };

static bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

void entries_title(struct span key, struct text *out) {
    size_t start = out->len;
    text_put(out, key);
    if (out->full)
        return;
    for (size_t i = 1; i < key.len; i++)
        if (is_upper(key.at[i]) && is_upper(key.at[i - 1]))
            out->at[start + i] = (char)(key.at[i] + ('a' - 'A'));
}

/* Takes the first spelling off spellings; key is its folded name. Returns false if it is
 * malformed. */
static bool spelling_take(struct span *spellings, struct span key, char *room, struct span *name) {
    uint32_t how = SPELLING_FOLDED;
    struct text out = {.at = room, .cap = BOOK_NAME_MAX};
    if (spellings->len > 0) {
        size_t used = varint_get(*spellings, &how);
        if (used == 0)
            return false;
        *spellings = span_from(*spellings, used);
    }
    *name = key;
    if (how == SPELLING_FOLDED)
        return true;
    if (how == SPELLING_TITLE) {
        entries_title(key, &out);
    } else {
        size_t len = how - SPELLING_LEN;
        if (len > spellings->len)
            return false;
        text_put(&out, (struct span){spellings->at, len});
        *spellings = span_from(*spellings, len);
    }
    *name = text_span(&out);
    return !out.full;
}

/* A CDB file from another program holds nothing but names. */
static bool is_entry(const struct book *book, struct span key) {
    return !book->has_version || !cdbread_is_reserved(key);
}

/* Finds the spellings of the block that starts at first: they are in the record after its
 * entries, if there is one. */
static int block_begin(const struct book *book, struct entries *walk, struct cdb_record first) {
    struct cdb_record record = first;
    int more = 1;
    walk->spellings = (struct span){NULL, 0};
    for (uint32_t i = 0; more > 0 && i < ENTRIES_BLOCK && is_entry(book, record.key); i++)
        more = cdbread_walk(&book->image, &record);
    if (more <= 0 || !book->has_version || !span_starts(record.key, BOOK_BLOCK))
        return more < 0 ? -1 : 1;
    if (record.value.len < OFFSET_SIZE ||
        cdbread_number((const unsigned char *)record.value.at) != first.offset)
        return -1;
    walk->spellings = span_from(record.value, OFFSET_SIZE);
    return 1;
}

int entries_next(const struct book *book, struct entries *walk, struct book_entry *entry) {
    int more;
    do
        more = book_walk(book, &walk->record);
    while (
        more > 0 && book->has_version &&
        (span_starts(walk->record.key, BOOK_BLOCK) || span_starts(walk->record.key, BOOK_VERSION)));
    if (more <= 0 || !is_entry(book, walk->record.key))
        return more < 0 ? -1 : 0;
    if (walk->next % ENTRIES_BLOCK == 0 && block_begin(book, walk, walk->record) < 0)
        return -1;
    entry->key = walk->record.key;
    entry->office = walk->record.value;
    entry->offset = walk->record.offset;
    entry->number = walk->next++;
    return spelling_take(&walk->spellings, entry->key, walk->name, &entry->name) ? 1 : -1;
}

static int block_find(const struct book *book, uint32_t block, struct cdb_record *record) {
    char bytes[1 + OFFSET_SIZE];
    struct text key = {.at = bytes, .cap = sizeof(bytes)};
    struct cdb_search search;
    uint32_t little = htole32(block);
    text_put(&key, BOOK_BLOCK);
    text_put(&key, (struct span){(const char *)&little, sizeof(little)});
    cdbread_seek(&book->image, text_span(&key), &search);
    int found = cdbread_next(&book->image, &search, record);
    return found > 0 && record->value.len >= OFFSET_SIZE ? 1 : -1;
}

/* Skips count spellings. Copies the next one, with the bytes after it, to room. */
static bool spellings_pass(struct span *spellings, uint32_t count, char *room) {
    uint32_t how = 0;
    for (uint32_t i = 0; i < count; i++) {
        size_t used = varint_get(*spellings, &how);
        size_t len = how < SPELLING_LEN ? 0 : how - SPELLING_LEN;
        if (used == 0 || len > spellings->len - used)
            return false;
        *spellings = span_from(*spellings, used + len);
    }
    if (spellings->len > BOOK_NAME_MAX + OFFSET_SIZE)
        spellings->len = BOOK_NAME_MAX + OFFSET_SIZE;
    memcpy(room, spellings->at, spellings->len);
    spellings->at = room;
    return spellings->len > 0;
}

int entries_find(const struct book *book, uint32_t number, char *room, struct book_entry *entry) {
    char bytes[BOOK_NAME_MAX + OFFSET_SIZE];
    struct cdb_record record;
    if (block_find(book, number / ENTRIES_BLOCK, &record) < 0)
        return -1;
    uint32_t offset = cdbread_number((const unsigned char *)record.value.at);
    struct span spellings = span_from(record.value, OFFSET_SIZE);
    if (!spellings_pass(&spellings, number % ENTRIES_BLOCK, bytes) ||
        cdbread_at(&book->image, offset, &record) < 0)
        return -1;
    for (uint32_t i = 0; i < number % ENTRIES_BLOCK; i++)
        if (cdbread_walk(&book->image, &record) <= 0)
            return -1;
    if (!is_entry(book, record.key))
        return -1;
    entry->key = record.key;
    entry->office = record.value;
    entry->offset = record.offset;
    entry->number = number;
    return spelling_take(&spellings, entry->key, room, &entry->name) ? 1 : -1;
}

int entries_count(const struct book *book, uint32_t *count) {
    struct cdb_search search;
    struct cdb_record record;
    if (!book->has_version) {
        *count = cdbread_count(&book->image);
        return 1;
    }
    cdbread_seek(&book->image, BOOK_ENTRIES, &search);
    int found = cdbread_next(&book->image, &search, &record);
    if (found <= 0 || record.value.len != sizeof(*count))
        return found == 0 ? 0 : -1;
    *count = cdbread_number((const unsigned char *)record.value.at);
    return 1;
}
