#include "compile/verify_offices.h"

#include <stdlib.h>

enum {
    SEPARATOR_MAX = 2,  /* CR LF */
    FORGET_EVERY = 256, /* hashes; each maps many pages around its few records */
};

/* Compares keys. A file that changes meanwhile is found out when the offices are counted. */
static int by_key(const void *a, const void *b, void *image) {
    struct cdb_record record_a;
    struct cdb_record record_b;
    if (cdbread_at(image, ((const struct cdb_slot *)a)->offset, &record_a) < 0 ||
        cdbread_at(image, ((const struct cdb_slot *)b)->offset, &record_b) < 0)
        return 0;
    return span_compare(record_a.key, record_b.key);
}

/* Verifies the records of one hash. Only records of one hash can have one key. */
static const char *verify_hash(const struct cdb_image *image, struct cdb_slot *slots,
                               size_t count) {
    struct cdb_record record;
    struct span key = {NULL, 0};
    size_t bytes = 0;
    qsort_r(slots, count, sizeof(*slots), by_key, (void *)image);
    for (size_t i = 0; i < count; i++) {
        if (cdbread_at(image, slots[i].offset, &record) < 0)
            return "a record that ends outside the book";
        bool is_same = i > 0 && span_equal(record.key, key);
        bytes = record.value.len + (is_same ? bytes + SEPARATOR_MAX : 0);
        if (is_same && bytes > BOOK_OFFICES_MAX)
            return "more than 16384 bytes of offices under one name";
        key = record.key;
    }
    return NULL;
}

/* Copies the slots of a table that are in use. Returns their number. */
static uint32_t slots_copy(const struct cdb_table *table, struct cdb_slot *slots) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < table->slots; i++) {
        slots[count] = cdbread_slot(table, i);
        count += slots[count].offset != 0;
    }
    return count;
}

static const char *verify_slots(const struct book *book, struct cdb_slot *slots, uint32_t count,
                                uint32_t *hashes) {
    const char *fault = NULL;
    qsort(slots, count, sizeof(*slots), cdbread_compare_slots);
    for (uint32_t at = 0, end; fault == NULL && at < count; at = end) {
        for (end = at + 1; end < count && slots[end].hash == slots[at].hash;)
            end++;
        if (end - at == 1)
            continue;
        fault = verify_hash(&book->image, slots + at, end - at);
        if (++*hashes % FORGET_EVERY == 0)
            book_forget(book);
    }
    return fault;
}

const char *verify_offices(const struct book *book) {
    const char *fault = NULL;
    uint32_t hashes = 0;
    for (uint32_t number = 0; fault == NULL && number < CDB_TABLES; number++) {
        struct cdb_table table = cdbread_table(&book->image, number);
        if ((uint64_t)(table.at - book->image.at) + (uint64_t)table.slots * 8 > book->image.size)
            return "hash tables that are not those of its records";
        struct cdb_slot *slots = malloc(((size_t)table.slots + 1) * sizeof(*slots));
        if (slots == NULL)
            return "not enough memory to verify it";
        fault = verify_slots(book, slots, slots_copy(&table, slots), &hashes);
        free(slots);
    }
    book_forget(book);
    return fault;
}
