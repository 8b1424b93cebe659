#include "compile/book_writer.h"

#include "compile/name_keys.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

enum { SEND_OFF_EVERY = 1 << 24 }; /* bytes */

/* The disk may begin with what is there: the end waits until all has got to it. */
static void send_off(struct book_writer *writer) {
    unsigned written = writer->cdb.cdb_dpos;
    if (written - writer->sent_off < SEND_OFF_EVERY)
        return;
    sync_file_range(writer->cdb.cdb_fd, writer->sent_off, 0, SYNC_FILE_RANGE_WRITE);
    writer->sent_off = written;
}

int book_writer_put(struct book_writer *writer, struct span key, struct span value) {
    send_off(writer);
    errno = 0;
    if (cdb_make_add(&writer->cdb, key.at, (unsigned)key.len, value.at, (unsigned)value.len) == 0)
        return 0;
    /* tinycdb calls an offset that no longer fits into 32 bits ENOMEM. */
    if (errno == 0 || (errno == ENOMEM && writer->cdb.cdb_dpos > UINT32_MAX - 65536))
        errno = EOVERFLOW;
    return -1;
}

int book_writer_start(struct book_writer *writer, int fd, bool plain) {
    *writer = (struct book_writer){.plain = plain};
    return cdb_make_start(&writer->cdb, fd);
}

static int add_spelling(struct book_writer *writer, struct span fold, struct span name) {
    char bytes[1 + NAME_KEYS_ROOM];
    struct text key = {.at = bytes, .cap = sizeof(bytes)};
    text_put(&key, BOOK_SPELLING);
    text_put(&key, fold);
    return book_writer_put(writer, text_span(&key), name);
}

int book_writer_add(struct book_writer *writer, const struct entry *entry) {
    struct keys keys;
    if (name_keys_of(entry->name, &keys) < 0)
        return -1;
    bool spelled = keys.count > 1 || (!writer->plain && !span_equal(keys.key[0], entry->name));
    if (spelled && add_spelling(writer, keys.key[0], entry->name) < 0)
        return -1;
    for (size_t i = 0; i < keys.count; i++)
        if (book_writer_put(writer, keys.key[i], entry->office) < 0)
            return -1;
    return 0;
}

int book_writer_finish(struct book_writer *writer) {
    int fd = writer->cdb.cdb_fd;
    errno = 0;
    if (cdb_make_finish(&writer->cdb) < 0) {
        if (errno == 0)
            errno = EOVERFLOW;
        return -1;
    }
    if (book_map(&writer->book, fd) == 0)
        return 0;
    if (errno == EBADMSG) /* what was written is not what is read */
        errno = EIO;
    return -1;
}

void book_writer_close(struct book_writer *writer) {
    if (writer->book.mapping != NULL)
        book_close(&writer->book);
}
