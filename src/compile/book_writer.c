#include "compile/book_writer.h"

#include "data/fold.h"
#include "data/utf8.h"

#include <errno.h>
#include <sys/mman.h>

int book_writer_start(struct book_writer *writer, const struct atomic_file *file, bool is_plain) {
    writer->is_plain = is_plain;
    writer->entries = 0;
    writer->block_len = 0;
    writer->book = (struct book){.fd = -1};
    writer->index.notes = (struct notes){0};
    if (cdb_writer_start(&writer->cdb, file->fd) < 0 ||
        (!is_plain && index_begin(&writer->index, file) < 0))
        return -1;
    return cdb_writer_put(&writer->cdb, BOOK_VERSION, BOOK_VERSION_NOW);
}

void book_writer_close(struct book_writer *writer) {
    if (writer->book.mapping != NULL)
        book_close(&writer->book);
    writer->book.mapping = NULL;
    index_end(&writer->index);
    cdb_writer_close(&writer->cdb);
}

/* Appends to the block how the name with that key is spelled (data/entries.h). */
static void block_put(struct book_writer *writer, struct span key, struct span name) {
    char bytes[BOOK_NAME_MAX];
    struct text title = {.at = bytes, .cap = sizeof(bytes)};
    struct text block = {.at = writer->block, .len = writer->block_len, .cap = BLOCK_ROOM};
    bool is_folded = span_equal(key, name) || (writer->is_plain && utf8_is_ascii(name));
    if (!is_folded && utf8_is_ascii(key))
        entries_title(key, &title);
    if (is_folded) {
        varint_put(&block, SPELLING_FOLDED);
    } else if (title.len > 0 && span_equal(text_span(&title), name)) {
        varint_put(&block, SPELLING_TITLE);
    } else {
        varint_put(&block, SPELLING_LEN + (uint32_t)name.len);
        text_put(&block, name);
    }
    writer->block_len = block.len;
    writer->has_spellings = writer->has_spellings || !is_folded;
}

static void block_start(struct book_writer *writer) {
    uint32_t offset = htole32(writer->cdb.end);
    memcpy(writer->block, &offset, sizeof(offset));
    writer->block_len = sizeof(offset);
    writer->has_spellings = false;
}

/* Writes the block, unless no reader needs it. With an index entries_find needs each block; without
 * one, only a block that has spellings is needed. */
static int block_end(struct book_writer *writer) {
    char bytes[8];
    struct text key = {.at = bytes, .cap = sizeof(bytes)};
    uint32_t number = htole32((writer->entries - 1) / ENTRIES_BLOCK);
    if (writer->block_len == 0 || (writer->is_plain && !writer->has_spellings))
        return 0;
    text_put(&key, BOOK_BLOCK);
    text_put(&key, (struct span){(const char *)&number, sizeof(number)});
    return cdb_writer_put(&writer->cdb, text_span(&key),
                          (struct span){writer->block, writer->block_len});
}

int book_writer_add(struct book_writer *writer, const struct entry *entry) {
    char bytes[BOOK_NAME_MAX * FOLD_GROWTH];
    struct text key = {.at = bytes, .cap = sizeof(bytes)};
    if (fold_name(entry->name, &key) < 0) {
        errno = EILSEQ;
        return -1;
    }
    if (writer->entries % ENTRIES_BLOCK == 0)
        block_start(writer);
    block_put(writer, text_span(&key), entry->name);
    if (cdb_writer_put(&writer->cdb, text_span(&key), entry->office) < 0 ||
        (!writer->is_plain && index_add(&writer->index, writer->entries, text_span(&key)) < 0))
        return -1;
    writer->entries++;
    if (writer->entries % ENTRIES_BLOCK != 0)
        return 0;
    int result = block_end(writer);
    writer->block_len = 0;
    return result;
}

int book_writer_review(struct book_writer *writer) {
    if (block_end(writer) < 0 || cdb_writer_flush(&writer->cdb) < 0)
        return -1;
    size_t size = writer->cdb.end;
    void *at = mmap(NULL, size, PROT_READ, MAP_SHARED, writer->cdb.fd, 0);
    if (at == MAP_FAILED)
        return -1;
    writer->book.mapping = at;
    writer->book.image = (struct cdb_image){.at = at,
                                            .size = (uint32_t)size,
                                            .records_end = (uint32_t)size,
                                            .tables_end = (uint32_t)size};
    writer->book.has_version = true;
    writer->book.fd = -1;
    return 0;
}

static int count_put(struct book_writer *writer) {
    uint32_t count = htole32(writer->entries);
    return cdb_writer_put(&writer->cdb, BOOK_ENTRIES,
                          (struct span){(const char *)&count, sizeof(count)});
}

int book_writer_finish(struct book_writer *writer,
                       void (*progress)(unsigned long count, const char *of)) {
    if (count_put(writer) < 0)
        return -1;
    if (!writer->is_plain && index_write(&writer->index, &writer->cdb, progress) < 0)
        return -1;
    return cdb_writer_finish(&writer->cdb, BOOK_TRAILER);
}
