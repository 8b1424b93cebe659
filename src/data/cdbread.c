#include "data/cdbread.h"

#include <errno.h>
#include <unistd.h>

enum { PAIR_SIZE = 8 };

/* Two little-endian numbers: the building block of the format. */
struct pair {
    uint32_t first;
    uint32_t second;
};

static struct pair pair_of(const unsigned char *at) {
    return (struct pair){cdbread_number(at), cdbread_number(at + 4)};
}

static const unsigned char *header_of(const struct cdb_image *image) {
    return image->at != NULL ? image->at : image->file->bytes;
}

static struct pair table_at(const unsigned char *header, uint32_t table) {
    return pair_of(header + (size_t)table * PAIR_SIZE);
}

static const unsigned char *read_piece(struct cdb_file *file, uint32_t offset, uint32_t len) {
    if (offset >= file->from && (uint64_t)offset + len <= (uint64_t)file->from + file->len)
        return file->at + (offset - file->from);
    if (len > CDB_RECORD_MAX)
        return NULL;
    bool fits = len <= CDB_PIECE;
    unsigned char *to = fits ? file->bytes + CDB_HEADER : file->large;
    ssize_t got = pread(file->fd, to, fits ? CDB_PIECE : len, offset);
    file->at = to;
    file->from = offset;
    file->len = got < 0 ? 0 : (uint32_t)got;
    if (got < 0)
        file->error = errno;
    return file->len < len ? NULL : to;
}

/* Returns the len bytes at offset, which must be in the image, or NULL on a
 * read error. */
static const unsigned char *piece(const struct cdb_image *image, uint32_t offset, uint32_t len) {
    return image->at != NULL ? image->at + offset : read_piece(image->file, offset, len);
}

static int check_frame(struct cdb_image *image) {
    const unsigned char *header = header_of(image);
    image->records_end = table_at(header, 0).first;
    if (image->records_end < CDB_HEADER)
        return -1;
    uint64_t end = image->records_end;
    for (uint32_t i = 0; i < CDB_TABLES; i++) {
        struct pair table = table_at(header, i);
        if (table.first != end)
            return -1;
        end += (uint64_t)table.second * PAIR_SIZE;
        if (end > image->size)
            return -1;
    }
    image->tables_end = (uint32_t)end;
    return 1;
}

int cdbread_open(struct cdb_image *image, const void *at, size_t size) {
    if (size < CDB_HEADER || size > UINT32_MAX)
        return -1;
    *image = (struct cdb_image){.at = at, .size = (uint32_t)size};
    return check_frame(image);
}

int cdbread_open_file(struct cdb_image *image, struct cdb_file *file, int fd, size_t size) {
    ssize_t got = pread(fd, file->bytes, sizeof(file->bytes), 0);
    if (size < CDB_HEADER || size > UINT32_MAX || got < CDB_HEADER)
        return -1;
    file->fd = fd;
    file->error = 0;
    file->from = CDB_HEADER;
    file->len = (uint32_t)got - CDB_HEADER;
    file->at = file->bytes + CDB_HEADER;
    *image = (struct cdb_image){.file = file, .size = (uint32_t)size};
    return check_frame(image);
}

uint32_t cdbread_hash(struct span key) {
    uint32_t hash = 5381;
    for (size_t i = 0; i < key.len; i++)
        hash = (hash * 33) ^ (unsigned char)key.at[i];
    return hash;
}

int cdbread_at(const struct cdb_image *image, uint32_t offset, struct cdb_record *record) {
    if (offset < CDB_HEADER || offset > image->records_end ||
        image->records_end - offset < PAIR_SIZE)
        return -1;
    const unsigned char *at = piece(image, offset, PAIR_SIZE);
    if (at == NULL)
        return -1;
    struct pair lengths = pair_of(at);
    uint32_t room = image->records_end - offset - PAIR_SIZE;
    if (lengths.first > room || lengths.second > room - lengths.first)
        return -1;
    at = piece(image, offset, PAIR_SIZE + lengths.first + lengths.second);
    if (at == NULL)
        return -1;
    const char *key = (const char *)at + PAIR_SIZE;
    record->key = (struct span){key, lengths.first};
    record->value = (struct span){key + lengths.first, lengths.second};
    record->offset = offset;
    return 1;
}

void cdbread_seek(const struct cdb_image *image, struct span key, struct cdb_search *search) {
    uint32_t hash = cdbread_hash(key);
    struct pair table = table_at(header_of(image), hash % CDB_TABLES);
    uint32_t slot = table.second == 0 ? 0 : (hash / CDB_TABLES) % table.second;
    *search = (struct cdb_search){key, hash, table.first, table.second, slot, table.second};
}

int cdbread_compare_slots(const void *a, const void *b) {
    const struct cdb_slot *slot_a = a;
    const struct cdb_slot *slot_b = b;
    if (slot_a->hash != slot_b->hash)
        return slot_a->hash < slot_b->hash ? -1 : 1;
    return (slot_a->offset > slot_b->offset) - (slot_a->offset < slot_b->offset);
}

int cdbread_next_slot(const struct cdb_image *image, struct cdb_search *search,
                      struct cdb_slot *slot) {
    if (search->left == 0)
        return 0;
    /* The header was checked, but a mapped file may have changed since. */
    uint64_t place = search->table + (uint64_t)search->slot * PAIR_SIZE;
    if (place + PAIR_SIZE > image->size)
        return -1;
    const unsigned char *at = piece(image, (uint32_t)place, PAIR_SIZE);
    if (at == NULL)
        return -1;
    struct pair pair = pair_of(at);
    if (pair.second == 0)
        return 0;
    *slot = (struct cdb_slot){pair.first, pair.second};
    search->left--;
    search->slot = search->slot + 1 == search->slots ? 0 : search->slot + 1;
    return 1;
}

int cdbread_next(const struct cdb_image *image, struct cdb_search *search,
                 struct cdb_record *found) {
    struct cdb_slot slot;
    int more;
    while ((more = cdbread_next_slot(image, search, &slot)) > 0) {
        if (slot.hash != search->hash)
            continue;
        if (cdbread_at(image, slot.offset, found) < 0)
            return -1;
        if (span_equal(found->key, search->key))
            return 1;
    }
    return more;
}

int cdbread_walk(const struct cdb_image *image, struct cdb_record *record) {
    uint32_t offset = CDB_HEADER;
    if (record->key.at != NULL)
        offset = record->offset + PAIR_SIZE + (uint32_t)(record->key.len + record->value.len);
    if (offset == image->records_end)
        return 0;
    return cdbread_at(image, offset, record);
}

uint32_t cdbread_count(const struct cdb_image *image) {
    return (image->tables_end - image->records_end) / 16;
}

struct cdb_table cdbread_table(const struct cdb_image *image, uint32_t table) {
    struct pair found = table_at(header_of(image), table % CDB_TABLES);
    return (struct cdb_table){image->at + found.first, found.second};
}
