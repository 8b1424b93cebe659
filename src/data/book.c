#include "data/book.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FORGET_EVERY = 1 << 25 }; /* in bytes; a smaller step maps pages again and again */

/* Refuses special files: reading a FIFO or a terminal would block forever. */
static int book_stat(struct book *book, int fd, size_t *size) {
    struct stat st;
    if (fstat(fd, &st) < 0)
        return -1;
    if (!S_ISREG(st.st_mode) || st.st_size <= 0 || st.st_size > (off_t)UINT32_MAX) {
        errno = S_ISDIR(st.st_mode) ? EISDIR : EBADMSG;
        return -1;
    }
    *size = (size_t)st.st_size;
    book->fd = -1;
    book->modified = st.st_mtim;
    return 0;
}

/* Replacing the file changes its ctime, because it loses a link, but not its
 * mtime. */
bool book_is_intact(const struct book *book) {
    struct stat st;
    if (book->fd < 0)
        return true;
    return fstat(book->fd, &st) == 0 && st.st_size == (off_t)book->image.size &&
           st.st_mtim.tv_sec == book->modified.tv_sec &&
           st.st_mtim.tv_nsec == book->modified.tv_nsec;
}

bool book_has_end(const struct book *book) {
    const struct cdb_image *image = &book->image;
    struct span behind = {(const char *)image->at + image->tables_end,
                          image->size - image->tables_end};
    return behind.len == 0 || span_equal(behind, BOOK_TRAILER);
}

const char *book_fault(int error) {
    if (error == EBADMSG)
        return "not an address book, or a broken one";
    if (error == ENOTSUP)
        return "made by another version of lookup-book; compile it again";
    return strerror(error);
}

/* Reads the version from the first record; the first len bytes of it are
 * available. A book from before versions existed starts with a BOOK_BLOCK
 * record or with a name. Returns 0, or -1 with errno ENOTSUP. */
static int book_set_version(struct book *book, const unsigned char *first, size_t len) {
    struct span key = BOOK_VERSION;
    struct span value = BOOK_VERSION_NOW;
    book->has_version = false;
    if (book->image.records_end == CDB_HEADER || len < 8 + key.len + value.len)
        return 0;
    struct span first_key = {(const char *)first + 8, cdbread_number(first)};
    book->has_version = first_key.len == key.len && memcmp(first_key.at, key.at, key.len) == 0;
    bool is_known = !span_starts(first_key, BOOK_BLOCK);
    if (book->has_version)
        is_known = cdbread_number(first + 4) == value.len &&
                   memcmp(first_key.at + key.len, value.at, value.len) == 0;
    if (!is_known)
        errno = ENOTSUP;
    return is_known ? 0 : -1;
}

/* The bytes after the tables are not compared: their number is enough. */
static int book_check(struct book *book, const struct cdb_file *file) {
    if (book_set_version(book, file->bytes + CDB_HEADER, file->len) < 0)
        return -1;
    size_t behind = book->image.size - book->image.tables_end;
    if (behind == (book->has_version ? BOOK_TRAILER.len : 0))
        return 0;
    errno = EBADMSG;
    return -1;
}

static int book_pieces(struct book *book, struct cdb_file *file, int fd) {
    size_t size;
    if (book_stat(book, fd, &size) < 0)
        return -1;
    book->mapping = NULL;
    errno = EBADMSG;
    return cdbread_open_file(&book->image, file, fd, size) < 0 ? -1 : book_check(book, file);
}

/* The checks use pread(2), not the mapping: the file may be truncated at any
 * moment. */
int book_map(struct book *book, int fd) {
    struct cdb_file file;
    if (book_pieces(book, &file, fd) < 0)
        return -1;
    void *at = mmap(NULL, book->image.size, PROT_READ, MAP_SHARED, fd, 0);
    if (at == MAP_FAILED)
        return -1;
    book->mapping = at;
    book->image.at = at;
    book->image.file = NULL;
    return 0;
}

static int open_file(const char *path) {
    return open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
}

/* Preserves errno. */
static int close_after(int fd, int result) {
    int why = errno;
    close(fd);
    errno = why;
    return result;
}

int book_open(struct book *book, const char *path) {
    int fd = open_file(path);
    if (fd < 0)
        return -1;
    if (book_map(book, fd) < 0)
        return close_after(fd, -1);
    book->fd = fd;
    return 0;
}

int book_open_pieces(struct book *book, struct cdb_file *file, const char *path) {
    int fd = open_file(path);
    if (fd < 0)
        return -1;
    if (book_pieces(book, file, fd) < 0)
        return close_after(fd, -1);
    book->fd = fd;
    return 0;
}

void book_forget(const struct book *book) {
    if (book->mapping != NULL)
        madvise(book->mapping, book->image.size, MADV_DONTNEED);
}

int book_walk(const struct book *book, struct cdb_record *record) {
    uint32_t before = record->offset / FORGET_EVERY;
    int more = cdbread_walk(&book->image, record);
    if (record->offset / FORGET_EVERY != before)
        book_forget(book);
    return more;
}

void book_close(struct book *book) {
    munmap(book->mapping, book->image.size);
    if (book->fd >= 0)
        close(book->fd);
}

/* Inlining its callees lets lookup-server answer a sixth more pipelined
 * requests. */
__attribute__((flatten)) int book_find(const struct book *book, struct span key,
                                       struct span separator, struct text *out) {
    struct cdb_search search;
    struct cdb_record record = {0};
    size_t start = out->len;
    bool hit = false;
    int found;
    cdbread_seek(&book->image, key, &search);
    while ((found = cdbread_next(&book->image, &search, &record)) > 0) {
        if (hit)
            text_put(out, separator);
        text_put(out, record.value);
        hit = true;
        if (out->full || out->len - start > BOOK_OFFICES_MAX)
            return -1;
    }
    return found < 0 ? -1 : hit;
}
