/* Fuzzes a reader of sources: it must give only entries that a book can hold, and report only
 * lines that exist. */
#ifndef LOOKUP_FUZZ_READER_H
#define LOOKUP_FUZZ_READER_H

#include "data/book.h"
#include "data/fold.h"
#include "data/utf8.h"
#include "formats/source.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

enum { PROBLEMS = 100 }; /* errors after which reading continues */

struct fuzzed {
    bool one_name;       /* an entry has one name, so each has a line of its own */
    unsigned long lines; /* lines in the source */
    unsigned long last;  /* line of the entry before */
    unsigned long problems;
};

static int on_entry(void *context, const struct entry *entry) {
    static char bytes[BOOK_NAME_MAX * FOLD_GROWTH];
    struct text key = {.at = bytes, .cap = sizeof(bytes)};
    struct fuzzed *fuzzed = context;
    if (entry->line == 0 || entry->line > fuzzed->lines ||
        entry->line < fuzzed->last + fuzzed->one_name)
        abort();
    fuzzed->last = entry->line;
    if (entry->name.len > BOOK_NAME_MAX || entry->office.len - 1 >= BOOK_OFFICE_MAX)
        abort();
    if (!utf8_is_plain(entry->name) || !utf8_is_plain(entry->office))
        abort();
    if (fold_name(entry->name, &key) < 0 || key.len == 0)
        abort();
    return 0;
}

static int on_error(void *context, unsigned long line, const char *what) {
    struct fuzzed *fuzzed = context;
    if (line > fuzzed->lines || what == NULL || what[0] == '\0')
        abort();
    return ++fuzzed->problems > PROBLEMS ? -1 : 0;
}

static int on_fatal(void *context, unsigned long line, const char *what) {
    struct fuzzed *fuzzed = context;
    fuzzed->problems = PROBLEMS;
    return on_error(fuzzed, line, what);
}

static int on_warning(void *context, unsigned long line, const char *what) {
    const struct fuzzed *fuzzed = context;
    if (line > fuzzed->lines || what == NULL || what[0] == '\0')
        abort();
    return 0;
}

static int on_skip(void *context, unsigned long line) {
    const struct fuzzed *fuzzed = context;
    if (line == 0 || line > fuzzed->lines)
        abort();
    return 0;
}

static int fuzz_reader(source_reader *reader, bool one_name, const unsigned char *data,
                       size_t size) {
    static const struct source_options how = {0};
    struct fuzzed fuzzed = {.one_name = one_name, .lines = 1};
    const struct source_events events = {on_entry,   on_error, on_fatal, on_skip,
                                         on_warning, on_skip,  &fuzzed};
    char *copy = malloc(size); /* fmemopen needs writable memory */
    if (size == 0 || copy == NULL) {
        free(copy);
        return 0;
    }
    memcpy(copy, data, size);
    for (size_t i = 0; i < size; i++)
        fuzzed.lines += data[i] == '\n' || data[i] == '\r';
    FILE *source = fmemopen(copy, size, "r");
    if (source == NULL)
        abort();
    if ((reader(source, &how, &events) < 0) != (fuzzed.problems > PROBLEMS))
        abort();
    fclose(source);
    free(copy);
    return 0;
}

#endif
