#include "sync/records.h"

#include "sync/checksum.h"

#include <stdlib.h>
#include <string.h>

enum { BUFFER_ROOM = 64 * 1024 }; /* bytes of a new buffer */

struct record_head {
    uint32_t type;
    uint32_t len;
    uint64_t sum;
};

static uint64_t record_sum(const struct record_head *head, uint64_t offset, struct span first,
                           struct span second) {
    uint64_t sum = checksum(CHECKSUM_START, (struct span){(const char *)&offset, sizeof(offset)});
    sum = checksum(sum, (struct span){(const char *)head, 2 * sizeof(uint32_t)});
    return checksum(checksum(sum, first), second);
}

int records_read(struct span file, size_t offset, struct record *record) {
    struct record_head head;
    if (offset >= file.len)
        return 0;
    struct span rest = span_from(file, offset);
    if (rest.len < sizeof(head))
        return -1;
    memcpy(&head, rest.at, sizeof(head));
    if (head.len > rest.len - sizeof(head))
        return -1;
    record->type = head.type;
    record->payload = (struct span){rest.at + sizeof(head), head.len};
    record->end = offset + sizeof(head) + head.len;
    return record_sum(&head, offset, record->payload, SPAN("")) == head.sum ? 1 : -1;
}

static int buffer_room(struct record_buffer *buffer, size_t more) {
    if (more <= buffer->cap - buffer->len)
        return 0;
    size_t cap = buffer->cap == 0 ? BUFFER_ROOM : buffer->cap * 2;
    while (cap - buffer->len < more)
        cap *= 2;
    char *at = realloc(buffer->at, cap);
    if (at == NULL)
        return -1;
    buffer->at = at;
    buffer->cap = cap;
    return 0;
}

static void buffer_put(struct record_buffer *buffer, const void *bytes, size_t len) {
    if (len > 0)
        memcpy(buffer->at + buffer->len, bytes, len);
    buffer->len += len;
}

int records_add(struct record_buffer *to, size_t base, uint32_t type, struct span first,
                struct span second) {
    struct record_head head = {type, (uint32_t)(first.len + second.len), 0};
    if (buffer_room(to, sizeof(head) + head.len) < 0)
        return -1;
    head.sum = record_sum(&head, base + to->len, first, second);
    buffer_put(to, &head, sizeof(head));
    buffer_put(to, first.at, first.len);
    buffer_put(to, second.at, second.len);
    return 0;
}

void records_free(struct record_buffer *buffer) {
    free(buffer->at);
    *buffer = (struct record_buffer){0};
}
