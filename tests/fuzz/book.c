/* Fuzzes the book reader on arbitrary files.
 *
 * An input starts with a byte that says what follows the name, and whether the book has lists
 * of postings; then come the name's length and the requested name. The rest is a whole file;
 * or, because almost any other header is refused at once, the part after the header: the length
 * of the records (2 bytes), the records, and one hash table, the name's. */
#include "check.h"
#include "compile/verify.h"
#include "data/search.h"

#include <sys/mman.h>
#include <unistd.h>

enum { SLOT = 8 };

static void put_number(unsigned char *at, size_t value) {
    for (int i = 0; i < 4; i++)
        at[i] = (unsigned char)(value >> 8 * i);
}

/* Writes the header of an image of size bytes. Hash table number table gets the last slots
 * times 8 bytes. */
static void put_header(unsigned char *image, size_t size, size_t table, size_t slots) {
    for (size_t i = 0; i < CDB_TABLES; i++) {
        put_number(image + i * SLOT, i <= table ? size - slots * SLOT : size);
        put_number(image + i * SLOT + 4, i == table ? slots : 0);
    }
}

/* Copies the image, so that reading one byte too far is detected. */
static unsigned char *image_of(struct span bytes, struct span key, bool whole, size_t *size) {
    size_t header = whole ? 0 : CDB_HEADER;
    size_t records = 0;
    if (!whole) {
        records = (unsigned char)bytes.at[0] | (size_t)(unsigned char)bytes.at[1] << 8;
        bytes = span_from(bytes, 2);
    }
    size_t slots = records < bytes.len ? (bytes.len - records) / SLOT : 0;
    *size = header + bytes.len;
    must(*size > 0);
    unsigned char *image = malloc(*size);
    must(image != NULL);
    if (!whole)
        put_header(image, *size, cdbread_hash(key) % CDB_TABLES, slots);
    memcpy(image + header, bytes.at, bytes.len);
    return image;
}

static void must_be_inside(const struct cdb_image *image, struct span s) {
    const char *at = (const char *)image->at;
    must(s.at >= at && s.at + s.len <= at + image->size);
}

/* Everything that a search or a walk returns lies in the image, and has the key searched for. */
static void look_around(const struct cdb_image *image, struct span key) {
    struct cdb_search search;
    struct cdb_record record = {0};
    uint32_t walked = 0;
    cdbread_seek(image, key, &search);
    for (uint32_t found = 0; cdbread_next(image, &search, &record) > 0; found++) {
        must(span_equal(record.key, key) && found < image->size / SLOT);
        must_be_inside(image, record.key);
        must_be_inside(image, record.value);
    }
    record = (struct cdb_record){0};
    while (cdbread_walk(image, &record) > 0) {
        must(record.offset > walked); /* it makes progress */
        walked = record.offset;
        must_be_inside(image, record.key);
        must_be_inside(image, record.value);
    }
}

static int find(const struct book *book, struct span key, struct text *answer) {
    int found = book_find(book, key, SPAN("\n"), answer);
    return found == 0 ? search_words(book, key, SPAN("\n"), answer) : found;
}

/* Read in pieces, the file is the same book, with the same result for key. */
static void must_be_the_same(const struct book *book, struct span key, int found,
                             struct span expected) {
    static char out[BOOK_OFFICES_MAX * 4];
    static unsigned char record[CDB_RECORD_MAX];
    static struct cdb_file file = {.large = record};
    static int fd = -1;
    struct text answer = {.at = out, .cap = sizeof(out)};
    struct book other = {.has_version = book->has_version};
    size_t size = book->image.size;
    if (fd < 0)
        fd = memfd_create("book", 0);
    must(ftruncate(fd, 0) == 0 && pwrite(fd, book->image.at, size, 0) == (ssize_t)size);
    must(cdbread_open_file(&other.image, &file, fd, size) > 0);
    must(find(&other, key, &answer) == found);
    must(span_equal(text_span(&answer), expected));
    /* Truncated while in use: the same result, or a broken book. */
    must(ftruncate(fd, (off_t)(CDB_HEADER + (size - CDB_HEADER) / 2)) == 0);
    file.len = 0;
    answer.len = 0;
    int cut = find(&other, key, &answer);
    must(cut < 0 || cut == found);
    must(cut <= 0 || span_equal(text_span(&answer), expected));
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size) {
    static char out[BOOK_OFFICES_MAX * 4];
    if (size < 4 || size < 4u + data[1])
        return 0;
    struct span key = {(const char *)data + 2, data[1]};
    struct span rest = {key.at + key.len, size - 2 - key.len};
    size_t length = 0;
    unsigned char *image = image_of(rest, key, data[0] % 2 == 1, &length);
    struct book book = {.has_version = data[0] / 2 % 2 == 1};
    if (cdbread_open(&book.image, image, length) > 0) {
        struct text answer = {.at = out, .cap = sizeof(out)};
        unsigned long entries = 0;
        look_around(&book.image, key);
        int found = find(&book, key, &answer);
        /* A book that passes verification is never found broken, and holds only text. */
        if (verify_book(&book, &entries) == NULL) {
            must(found >= 0 && (found > 0) == (answer.len > 0));
            must_be_plain_lines(text_span(&answer));
        }
        must_be_the_same(&book, key, found, text_span(&answer));
    }
    free(image);
    return 0;
}
