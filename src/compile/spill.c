#include "compile/spill.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum { BUFFER = 1 << 16 };

/* What stands before each list: then its name, and its runs, a length before each; 0: no more. */
struct spill_head {
    uint32_t hash;
    uint32_t name_len;
    uint32_t count;
    uint32_t dropped;
    uint32_t alone;
    uint32_t entry;
};

/* ---- writing */

struct spill_writer {
    int fd;
    off_t end;
    size_t len;
    char bytes[BUFFER];
};

static int spill_flush(struct spill_writer *writer) {
    for (size_t at = 0; at < writer->len;) {
        ssize_t put = pwrite(writer->fd, writer->bytes + at, writer->len - at, writer->end);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return -1;
        at += (size_t)put;
        writer->end += put;
    }
    writer->len = 0;
    return 0;
}

/* len is at most BUFFER. */
static int spill_put(struct spill_writer *writer, const void *at, size_t len) {
    if (len > BUFFER - writer->len && spill_flush(writer) < 0)
        return -1;
    memcpy(writer->bytes + writer->len, at, len);
    writer->len += len;
    return 0;
}

static int spill_put_list(struct spill_writer *writer, const struct lists *lists,
                          const struct list *list) {
    struct spill_head head = {list->hash,    list->name_len, list->count,
                              list->dropped, list->alone,    list->entry};
    uint16_t none = 0;
    if (spill_put(writer, &head, sizeof(head)) < 0 ||
        spill_put(writer, list_name(list).at, list->name_len) < 0)
        return -1;
    for (uint32_t run = list->first; run != 0; run = list_run(lists, run)->next) {
        struct span bytes = list_run_bytes(lists, run);
        uint16_t len = (uint16_t)bytes.len;
        if (len > 0 && (spill_put(writer, &len, sizeof(len)) < 0 ||
                        spill_put(writer, bytes.at, bytes.len) < 0))
            return -1;
    }
    return spill_put(writer, &none, sizeof(none));
}

int spill_write(struct index_spill *spill, int fd, const struct lists *lists) {
    struct spill_writer *writer = malloc(sizeof(*writer));
    uint32_t *order = lists_sorted(lists);
    int result = writer == NULL || order == NULL ? -1 : 0;
    if (result == 0) {
        writer->fd = fd;
        writer->len = 0;
        writer->end = spill->from = lseek(fd, 0, SEEK_END);
    }
    for (uint32_t i = 0; result == 0 && i < lists->count; i++)
        result = spill_put_list(writer, lists, list_at(lists, order[i]));
    if (result == 0)
        result = spill_flush(writer);
    if (result == 0)
        spill->end = writer->end;
    int why = errno;
    free(writer);
    free(order);
    errno = why;
    return result;
}

/* ---- merging */

struct spill_reader {
    int fd;
    off_t at; /* what is to be read next */
    off_t end;
    size_t len;  /* bytes there */
    size_t used; /* of them */
    bool has_list;
    bool is_next; /* has the list that is being merged */
    struct spill_head head;
    char name[WORDS_ROOM];
    char bytes[BUFFER];
};

/* len bytes, there until the next call. NULL: errno. */
static const char *spill_get(struct spill_reader *reader, size_t len) {
    if (reader->len - reader->used < len) {
        memmove(reader->bytes, reader->bytes + reader->used, reader->len - reader->used);
        reader->len -= reader->used;
        reader->used = 0;
    }
    while (reader->len < len) {
        size_t room = BUFFER - reader->len;
        size_t left = (size_t)(reader->end - reader->at);
        ssize_t got =
            pread(reader->fd, reader->bytes + reader->len, room < left ? room : left, reader->at);
        if (got <= 0) {
            errno = got == 0 ? EIO : errno;
            return NULL;
        }
        reader->at += got;
        reader->len += (size_t)got;
    }
    reader->used += len;
    return reader->bytes + reader->used - len;
}

/* Reads the head and the name of the next list, if there is one. */
static int spill_next(struct spill_reader *reader) {
    reader->has_list = reader->at < reader->end || reader->used < reader->len;
    if (!reader->has_list)
        return 0;
    const char *at = spill_get(reader, sizeof(reader->head));
    if (at == NULL)
        return -1;
    memcpy(&reader->head, at, sizeof(reader->head));
    at = spill_get(reader, reader->head.name_len);
    if (at == NULL)
        return -1;
    memcpy(reader->name, at, reader->head.name_len);
    return 0;
}

int spill_merge_begin(struct spill_merge *merge, int fd, const struct index_spill *spills,
                      size_t count) {
    merge->readers = calloc(count, sizeof(*merge->readers));
    merge->count = count;
    int result = merge->readers == NULL ? -1 : 0;
    for (size_t i = 0; result == 0 && i < count; i++) {
        merge->readers[i].fd = fd;
        merge->readers[i].at = spills[i].from;
        merge->readers[i].end = spills[i].end;
        result = spill_next(&merge->readers[i]);
    }
    if (result < 0)
        spill_merge_end(merge);
    return result;
}

void spill_merge_end(struct spill_merge *merge) {
    int why = errno;
    free(merge->readers);
    errno = why;
}

static struct span spill_name(const struct spill_reader *reader) {
    return (struct span){reader->name, reader->head.name_len};
}

static int spill_compare(const struct spill_reader *a, const struct spill_reader *b) {
    return list_compare(a->head.hash, spill_name(a), b->head.hash, spill_name(b));
}

/* Adds what the reader has of the list at hand, and goes on to its next one. */
static int spill_move(struct spill_reader *reader, struct list_writer *writer) {
    uint16_t len;
    for (bool is_start = true;; is_start = false) {
        const char *at = spill_get(reader, sizeof(len));
        if (at == NULL)
            return -1;
        memcpy(&len, at, sizeof(len));
        if (len == 0)
            break;
        at = spill_get(reader, len);
        if (at == NULL || list_writer_add(writer, (struct span){at, len}, is_start) < 0)
            return -1;
    }
    writer->entry = reader->head.entry;
    return spill_next(reader);
}

/* The reader whose list comes first; NULL: there is none. */
static const struct spill_reader *spill_first(const struct spill_merge *merge) {
    const struct spill_reader *first = NULL;
    for (size_t i = 0; i < merge->count; i++) {
        const struct spill_reader *reader = &merge->readers[i];
        if (reader->has_list && (first == NULL || spill_compare(reader, first) < 0))
            first = reader;
    }
    return first;
}

int spill_merge_list(struct spill_merge *merge, struct list_writer *writer) {
    char bytes[WORDS_ROOM];
    struct text name = {.at = bytes, .cap = sizeof(bytes)};
    const struct spill_reader *first = spill_first(merge);
    struct list all = {0};
    if (first == NULL)
        return 0;
    text_put(&name, spill_name(first));
    for (size_t i = 0; i < merge->count; i++) {
        struct spill_reader *reader = &merge->readers[i];
        reader->is_next = reader->has_list && spill_compare(reader, first) == 0;
        if (!reader->is_next)
            continue;
        all.count += reader->head.count;
        all.dropped += reader->head.dropped;
        all.alone += reader->head.alone;
    }
    all.hash = first->head.hash;
    list_writer_begin(writer, text_span(&name), &all);
    for (size_t i = 0; i < merge->count; i++)
        if (merge->readers[i].is_next && spill_move(&merge->readers[i], writer) < 0)
            return -1;
    return list_writer_end(writer) < 0 ? -1 : 1;
}
