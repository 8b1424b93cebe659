/* Fuzzes the reader of plain sources, and the keys of the names in them. */
#include "import/source.h"
#include "data/book.h"
#include "import/keys.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

/* No entry that a book could not hold comes through. */
static int take(void *context, const struct entry *entry) {
    static struct keys keys;
    unsigned long *line = context;
    if (entry_fault(entry) != NULL || entry->line <= *line)
        abort();
    *line = entry->line;
    if (keys_of(entry->name, &keys) < 0 || keys.count == 0 || keys.key[0].len == 0)
        abort();
    return 0;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size) {
    struct complaint complaint;
    unsigned long line = 0;
    if (size == 0)
        return 0;
    char *copy = malloc(size); /* fmemopen wants what it may write to */
    if (copy == NULL)
        return 0;
    memcpy(copy, data, size);
    FILE *source = fmemopen(copy, size, "r");
    if (source == NULL)
        abort();
    if (plain_read(source, take, &line, &complaint) < 0 && complaint.what == NULL)
        abort();
    fclose(source);
    free(copy);
    return 0;
}
