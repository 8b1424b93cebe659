#include "compile/book_writer.h"

#include "compile/name_keys.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

enum { SEND_OFF_EVERY = 1 << 24 }; /* bytes */

/* The disk may begin with what is there: the end waits until all has got to it. */
static void send_off(struct maker *maker) {
    unsigned written = maker->cdb.cdb_dpos;
    if (written - maker->sent_off < SEND_OFF_EVERY)
        return;
    sync_file_range(maker->cdb.cdb_fd, maker->sent_off, 0, SYNC_FILE_RANGE_WRITE);
    maker->sent_off = written;
}

int maker_put(struct maker *maker, struct span key, struct span value) {
    send_off(maker);
    errno = 0;
    if (cdb_make_add(&maker->cdb, key.at, (unsigned)key.len, value.at, (unsigned)value.len) == 0)
        return 0;
    /* tinycdb calls an offset that no longer fits into 32 bits ENOMEM. */
    if (errno == 0 || (errno == ENOMEM && maker->cdb.cdb_dpos > UINT32_MAX - 65536))
        errno = EOVERFLOW;
    return -1;
}

int maker_start(struct maker *maker, int fd, bool plain) {
    *maker = (struct maker){.plain = plain};
    return cdb_make_start(&maker->cdb, fd);
}

static int add_spelling(struct maker *maker, struct span fold, struct span name) {
    char bytes[1 + KEYS_ROOM];
    struct text key = {.at = bytes, .cap = sizeof(bytes)};
    text_put(&key, BOOK_SPELLING);
    text_put(&key, fold);
    return maker_put(maker, text_span(&key), name);
}

int maker_add(struct maker *maker, const struct entry *entry) {
    struct keys keys;
    if (keys_of(entry->name, &keys) < 0)
        return -1;
    bool spelled = keys.count > 1 || (!maker->plain && !span_equal(keys.key[0], entry->name));
    if (spelled && add_spelling(maker, keys.key[0], entry->name) < 0)
        return -1;
    for (size_t i = 0; i < keys.count; i++)
        if (maker_put(maker, keys.key[i], entry->office) < 0)
            return -1;
    return 0;
}

int maker_finish(struct maker *maker) {
    int fd = maker->cdb.cdb_fd;
    errno = 0;
    if (cdb_make_finish(&maker->cdb) < 0) {
        if (errno == 0)
            errno = EOVERFLOW;
        return -1;
    }
    if (book_map(&maker->book, fd) == 0)
        return 0;
    if (errno == EBADMSG) /* what was written is not what is read */
        errno = EIO;
    return -1;
}

void maker_close(struct maker *maker) {
    if (maker->book.mapping != NULL)
        book_close(&maker->book);
}
