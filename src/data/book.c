#include "data/book.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* A special file is refused: a book is mapped whole, and reading a FIFO or a
 * terminal would wait for ever. */
int book_map(struct book *book, int fd) {
    struct stat st;
    if (fstat(fd, &st) < 0)
        return -1;
    if (!S_ISREG(st.st_mode) || st.st_size <= 0 || st.st_size > (off_t)UINT32_MAX) {
        errno = S_ISDIR(st.st_mode) ? EISDIR : EBADMSG;
        return -1;
    }
    size_t size = (size_t)st.st_size;
    void *at = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
    if (at == MAP_FAILED)
        return -1;
    book->mapping = at;
    if (cdbread_open(&book->image, at, size) < 0) {
        munmap(at, size);
        errno = EBADMSG;
        return -1;
    }
    return 0;
}

int book_open(struct book *book, const char *path) {
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0)
        return -1;
    int result = book_map(book, fd);
    int why = errno;
    close(fd);
    errno = why;
    return result;
}

void book_forget(const struct book *book) {
    if (book->mapping != NULL)
        madvise(book->mapping, book->image.size, MADV_DONTNEED);
}

void book_close(struct book *book) {
    munmap(book->mapping, book->image.size);
}

int book_find(const struct book *book, struct span key, struct span separator, struct text *out) {
    struct cdb_search search;
    struct cdb_record record;
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
