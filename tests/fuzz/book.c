/* Fuzzes the book reader: the first byte says how long the name asked for is,
 * then come that name and the file's bytes. */
#include "data/book.h"
#include "import/verify.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size) {
    static char out[BOOK_OFFICES_MAX * 2];
    if (size < 1 || size < 1u + data[0])
        return 0;
    struct span key = {(const char *)data + 1, data[0]};
    size_t length = size - 1 - key.len;
    /* A copy of its own, so that a byte read too far is seen. */
    unsigned char *image = malloc(length);
    if (image == NULL)
        return 0;
    memcpy(image, data + 1 + key.len, length);
    struct book book = {0};
    if (cdbread_open(&book.image, image, length) > 0) {
        struct text answer = {.at = out, .cap = sizeof(out)};
        struct cdb_search search;
        struct cdb_record record;
        unsigned long entries = 0;
        book_find(&book, key, SPAN("\n"), &answer);
        cdbread_seek(&book.image, key, &search);
        while (cdbread_next(&book.image, &search, &record) > 0)
            if (!span_equal(record.key, key))
                abort(); /* another name's office */
        verify_book(&book, &entries);
    }
    free(image);
    return 0;
}
