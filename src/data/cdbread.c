#include "data/cdbread.h"

enum { HEADER_SIZE = CDB_TABLES * 8, PAIR_SIZE = 8 };

/* Two little-endian numbers: the unit of which the whole format is made. */
struct pair {
    uint32_t first;
    uint32_t second;
};

/* offset + 8 <= size must hold. */
static struct pair pair_at(const struct cdb_image *image, uint32_t offset) {
    return (struct pair){cdbread_number(image->at + offset),
                         cdbread_number(image->at + offset + 4)};
}

static struct pair table_at(const struct cdb_image *image, uint32_t table) {
    return pair_at(image, table * PAIR_SIZE);
}

int cdbread_open(struct cdb_image *image, const void *at, size_t size) {
    if (size < HEADER_SIZE || size > UINT32_MAX)
        return -1;
    *image = (struct cdb_image){at, (uint32_t)size, 0};
    image->records_end = table_at(image, 0).first;
    if (image->records_end < HEADER_SIZE)
        return -1;
    uint64_t end = image->records_end;
    for (uint32_t i = 0; i < CDB_TABLES; i++) {
        struct pair table = table_at(image, i);
        if (table.first != end)
            return -1;
        end += (uint64_t)table.second * PAIR_SIZE;
        if (end > size)
            return -1;
    }
    return end == size ? 1 : -1;
}

uint32_t cdbread_hash(struct span key) {
    uint32_t hash = 5381;
    for (size_t i = 0; i < key.len; i++)
        hash = (hash * 33) ^ (unsigned char)key.at[i];
    return hash;
}

int cdbread_at(const struct cdb_image *image, uint32_t offset, struct cdb_record *record) {
    if (offset < HEADER_SIZE || offset > image->records_end ||
        image->records_end - offset < PAIR_SIZE)
        return -1;
    struct pair lengths = pair_at(image, offset);
    uint32_t room = image->records_end - offset - PAIR_SIZE;
    if (lengths.first > room || lengths.second > room - lengths.first)
        return -1;
    const char *key = (const char *)image->at + offset + PAIR_SIZE;
    record->key = (struct span){key, lengths.first};
    record->value = (struct span){key + lengths.first, lengths.second};
    record->offset = offset;
    return 1;
}

void cdbread_seek(const struct cdb_image *image, struct span key, struct cdb_search *search) {
    uint32_t hash = cdbread_hash(key);
    struct pair table = table_at(image, hash % CDB_TABLES);
    uint32_t slot = table.second == 0 ? 0 : (hash / CDB_TABLES) % table.second;
    *search = (struct cdb_search){key, hash, table.first, table.second, slot, table.second};
}

int cdbread_next(const struct cdb_image *image, struct cdb_search *search,
                 struct cdb_record *found) {
    while (search->left > 0) {
        struct pair slot = pair_at(image, search->table + search->slot * PAIR_SIZE);
        if (slot.second == 0)
            return 0;
        search->left--;
        search->slot = search->slot + 1 == search->slots ? 0 : search->slot + 1;
        if (slot.first != search->hash)
            continue;
        if (cdbread_at(image, slot.second, found) < 0)
            return -1;
        if (span_equal(found->key, search->key))
            return 1;
    }
    return 0;
}

int cdbread_walk(const struct cdb_image *image, struct cdb_record *record) {
    uint32_t offset = HEADER_SIZE;
    if (record->key.at != NULL)
        offset = record->offset + PAIR_SIZE + (uint32_t)(record->key.len + record->value.len);
    if (offset == image->records_end)
        return 0;
    return cdbread_at(image, offset, record);
}

struct cdb_table cdbread_table(const struct cdb_image *image, uint32_t table) {
    struct pair found = table_at(image, table % CDB_TABLES);
    return (struct cdb_table){image->at + found.first, found.second};
}
