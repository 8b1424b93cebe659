#include "compile/list_writer.h"

static int list_writer_flush(struct list_writer *writer) {
    char bytes[3 + WORDS_ROOM];
    struct text key = {.at = bytes, .cap = sizeof(bytes)};
    postings_key(writer->name, writer->chunk, &key);
    size_t len = writer->len;
    writer->len = 0;
    writer->chunk++;
    return cdb_writer_put(writer->to, text_span(&key), (struct span){writer->bytes, len});
}

void list_writer_open(struct list_writer *writer, struct cdb_writer *to) {
    writer->to = to;
    writer->shared_len = 0;
}

int list_writer_close(struct list_writer *writer) {
    char bytes[3];
    struct text key = {.at = bytes, .cap = sizeof(bytes)};
    struct span shared = {writer->shared, writer->shared_len};
    writer->shared_len = 0;
    if (shared.len == 0)
        return 0;
    postings_shared_key(writer->shared_hash, &key);
    return cdb_writer_put(writer->to, text_span(&key), shared);
}

void list_writer_begin(struct list_writer *writer, struct span name, const struct list *all) {
    struct text head = {.at = writer->bytes, .cap = sizeof(writer->bytes)};
    varint_put(&head, all->count);
    varint_put(&head, all->dropped);
    varint_put(&head, all->alone);
    writer->name = name;
    writer->hash = all->hash;
    writer->chunk = 0;
    writer->entry = 0;
    writer->len = head.len;
}

int list_writer_add(struct list_writer *writer, struct span postings, bool is_start) {
    char bytes[5] = {0};
    struct text number = {.at = bytes, .cap = sizeof(bytes)};
    size_t cap = writer->chunk == 0 ? POSTINGS_FIRST : POSTINGS_CHUNK;
    uint32_t first = 0;
    if (is_start) {
        postings = span_from(postings, varint_get(postings, &first));
        varint_put(&number, first - writer->entry);
    }
    if (writer->len + number.len + postings.len > cap && list_writer_flush(writer) < 0)
        return -1;
    memcpy(writer->bytes + writer->len, bytes, number.len);
    memcpy(writer->bytes + writer->len + number.len, postings.at, postings.len);
    writer->len += number.len + postings.len;
    return 0;
}

/* Puts a short list beside others. False: it is none, or there is no room; result is then 0, or
 * -1 if those before could not be written. */
static bool list_writer_share(struct list_writer *writer, int *result) {
    struct text shared = {.at = writer->shared, .cap = sizeof(writer->shared)};
    *result = 0;
    if (writer->chunk > 0 || writer->len > POSTINGS_SHARED)
        return false;
    if (writer->hash >> 16 != writer->shared_hash >> 16 && list_writer_close(writer) < 0) {
        *result = -1;
        return false;
    }
    writer->shared_hash = writer->hash;
    shared.len = writer->shared_len;
    varint_put(&shared, (uint32_t)writer->name.len);
    varint_put(&shared, (uint32_t)writer->len);
    text_put(&shared, writer->name);
    text_put(&shared, (struct span){writer->bytes, writer->len});
    if (!shared.full)
        writer->shared_len = shared.len;
    return !shared.full;
}

int list_writer_end(struct list_writer *writer) {
    int result;
    bool is_shared = list_writer_share(writer, &result);
    return is_shared || result < 0 ? result : list_writer_flush(writer);
}
