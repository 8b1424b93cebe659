#include "compile/list_writer.h"

/* Appends a short list to the shared record. Returns false if that has no room. */
static bool list_writer_share(struct list_writer *writer, const struct posting_list *list) {
    struct text shared = {
        .at = writer->shared, .len = writer->shared_len, .cap = sizeof(writer->shared)};
    varint_put(&shared, list->name_len);
    varint_put(&shared, (uint32_t)list->len);
    text_put(&shared, posting_list_name(list));
    for (const struct posting_run *run = list->first; run != NULL; run = run->next)
        text_put(&shared, posting_run_bytes(run));
    if (!shared.full)
        writer->shared_len = shared.len;
    return !shared.full;
}

static int list_writer_put_record(struct list_writer *writer, const struct posting_list *list,
                                  uint32_t chunk) {
    char bytes[3 + WORDS_ROOM];
    struct text key = {.at = bytes, .cap = sizeof(bytes)};
    postings_key(posting_list_name(list), chunk, &key);
    return cdb_writer_put(writer->to, text_span(&key), (struct span){writer->bytes, writer->len});
}

/* Writes a list to records of its own. Each holds whole runs. */
static int list_writer_put_long(struct list_writer *writer, const struct posting_list *list) {
    struct text value = {.at = writer->bytes, .cap = POSTINGS_FIRST};
    uint32_t chunk = 0;
    varint_put(&value, list->count);
    varint_put(&value, list->dropped);
    varint_put(&value, list->alone);
    for (const struct posting_run *run = list->first; run != NULL; run = run->next) {
        if (run->len > value.cap - value.len) {
            writer->len = value.len;
            if (list_writer_put_record(writer, list, chunk++) < 0)
                return -1;
            value = (struct text){.at = writer->bytes, .cap = sizeof(writer->bytes)};
        }
        text_put(&value, posting_run_bytes(run));
    }
    writer->len = value.len;
    return list_writer_put_record(writer, list, chunk);
}

int list_writer_put(struct list_writer *writer, const struct posting_list *first) {
    char bytes[3];
    struct text key = {.at = bytes, .cap = sizeof(bytes)};
    writer->shared_len = 0;
    for (const struct posting_list *list = first; list != NULL; list = list->next)
        if ((list->len > POSTINGS_SHARED || !list_writer_share(writer, list)) &&
            list_writer_put_long(writer, list) < 0)
            return -1;
    if (writer->shared_len == 0)
        return 0;
    postings_shared_key(first->hash, &key);
    return cdb_writer_put(writer->to, text_span(&key),
                          (struct span){writer->shared, writer->shared_len});
}
