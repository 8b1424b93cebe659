/* Finds names that occur more than once: sorts the records of each hash table into buckets. A
 * bucket has the hashes whose searches start at one of two slots: the table has twice as many slots
 * as there are buckets. */
#include "compile/duplicates.h"

#include <errno.h>
#include <stdlib.h>

/* Hashes between two calls of book_forget: for a few records, each maps many pages around them. */
enum { FORGET_EVERY = 16 };

/* The records of one hash table, sorted into buckets by hash. */
struct bucketing {
    struct cdb_slot *added;  /* in the order they were added */
    struct cdb_slot *sorted; /* by bucket; all records of one hash are in one bucket */
    uint32_t *starts;        /* where each bucket starts in sorted; there are as many as records */
};

static int duplicates_keep(struct duplicates *duplicates, struct duplicate duplicate) {
    if ((duplicates->count & (duplicates->count - 1)) == 0) { /* full at each power of 2 */
        size_t room = duplicates->count == 0 ? 1 : duplicates->count * 2;
        struct duplicate *at = reallocarray(duplicates->at, room, sizeof(*at));
        if (at == NULL)
            return -1;
        duplicates->at = at;
    }
    duplicates->at[duplicates->count++] = duplicate;
    return 0;
}

/* Compares by key, then by value, then by offset. */
static int by_record(const void *a, const void *b, void *context) {
    const struct cdb_slot *slot_a = a;
    const struct cdb_slot *slot_b = b;
    struct cdb_record record_a;
    struct cdb_record record_b;
    if (cdbread_at(context, slot_a->offset, &record_a) < 0 ||
        cdbread_at(context, slot_b->offset, &record_b) < 0)
        return 0;
    int order = span_compare(record_a.key, record_b.key);
    if (order == 0)
        order = span_compare(record_a.value, record_b.value);
    return order != 0 ? order
                      : (slot_a->offset > slot_b->offset) - (slot_a->offset < slot_b->offset);
}

static int by_offset(const void *a, const void *b) {
    uint32_t first = ((const struct duplicate *)a)->offset;
    uint32_t second = ((const struct duplicate *)b)->offset;
    return first < second ? -1 : first > second;
}

/* The last count duplicates have the same name. Sets fault for the first of them that exceeds the
 * limit: appends it once more, so that it is the last. Returns -1. */
static int duplicates_refuse_offices(const struct cdb_image *image, size_t count,
                                     struct duplicates *duplicates) {
    struct duplicate *at = duplicates->at + duplicates->count - count;
    struct cdb_record record;
    size_t bytes = 0;
    size_t i = 0;
    qsort(at, count, sizeof(*at), by_offset);
    for (; i < count && bytes <= BOOK_OFFICES_MAX; i++)
        if (!at[i].same && cdbread_at(image, at[i].offset, &record) > 0)
            bytes += record.value.len + 2;
    if (duplicates_keep(duplicates, at[i - 1]) == 0)
        duplicates->fault = "more than 16384 bytes of offices under one name";
    return -1;
}

/* Adds count records of one key, which are sorted by value. */
static int duplicates_add_name(const struct cdb_image *image, const struct cdb_slot *slots,
                               size_t count, struct duplicates *duplicates) {
    struct cdb_record record;
    struct cdb_record before = {0};
    uint32_t first = slots[0].offset;
    size_t bytes = 0;
    for (size_t i = 1; i < count; i++)
        if (slots[i].offset < first)
            first = slots[i].offset;
    for (size_t i = 0; i < count; i++) {
        if (cdbread_at(image, slots[i].offset, &record) < 0)
            return -1;
        bool same = i > 0 && span_equal(record.value, before.value);
        bytes += same ? 0 : record.value.len + 2;
        if (duplicates_keep(duplicates, (struct duplicate){slots[i].offset, first, same, 0}) < 0)
            return -1;
        before = record;
    }
    return bytes > BOOK_OFFICES_MAX ? duplicates_refuse_offices(image, count, duplicates) : 0;
}

/* Returns how many records from the first on have the same key; 0 on error. */
static size_t same_name(const struct cdb_image *image, const struct cdb_slot *slots, size_t count) {
    struct cdb_record first;
    struct cdb_record record;
    size_t same = 1;
    if (cdbread_at(image, slots[0].offset, &first) < 0)
        return 0;
    while (same < count && cdbread_at(image, slots[same].offset, &record) > 0 &&
           span_equal(record.key, first.key))
        same++;
    return same;
}

/* Sets fault for the name whose record is in slot. Returns -1. */
static int duplicates_refuse_names(struct cdb_slot slot, struct duplicates *duplicates) {
    if (duplicates_keep(duplicates, (struct duplicate){.offset = slot.offset}) == 0)
        duplicates->fault = "too many names with colliding hashes";
    return -1;
}

/* Adds the duplicates among all records of one hash. */
static int duplicates_add_hash(const struct book *book, struct cdb_slot *slots, size_t count,
                               struct duplicates *duplicates) {
    const struct cdb_image *image = &book->image;
    size_t names = 0;
    if (++duplicates->hashes % FORGET_EVERY == 0)
        book_forget(book);
    qsort_r(slots, count, sizeof(*slots), by_record, (void *)image);
    for (size_t at = 0, same; at < count; at += same, names++) {
        same = same_name(image, slots + at, count - at);
        if (same == 0 || (same > 1 && duplicates_add_name(image, slots + at, same, duplicates) < 0))
            return -1;
    }
    return names > DUPLICATES_OF_HASH ? duplicates_refuse_names(slots[count - 1], duplicates) : 0;
}

/* Adds the duplicates of a bucket. */
static int duplicates_add_bucket(const struct book *book, struct cdb_slot *slots, size_t count,
                                 struct duplicates *duplicates) {
    size_t hashes = 0;
    if (count < 2 || (count == 2 && slots[0].hash != slots[1].hash))
        return 0;
    qsort(slots, count, sizeof(*slots), cdbread_compare_slots);
    for (size_t at = 0, end; at < count; at = end, hashes++) {
        for (end = at + 1; end < count && slots[end].hash == slots[at].hash;)
            end++;
        if (end - at > 1 && duplicates_add_hash(book, slots + at, end - at, duplicates) < 0)
            return -1;
    }
    return hashes > DUPLICATES_OF_SLOT ? duplicates_refuse_names(slots[count - 1], duplicates) : 0;
}

static uint32_t bucket_of(struct cdb_slot slot, uint32_t buckets) {
    return slot.hash / CDB_TABLES % buckets;
}

static int duplicates_add_table(const struct book_writer *writer, uint32_t table,
                                const struct bucketing *b, struct duplicates *duplicates) {
    uint32_t count = cdb_writer_count(&writer->cdb, table);
    cdb_writer_slots(&writer->cdb, table, b->added);
    memset(b->starts, 0, (count + 1) * sizeof(*b->starts));
    for (uint32_t i = 0; i < count; i++) /* the length of each bucket */
        b->starts[bucket_of(b->added[i], count)]++;
    for (uint32_t i = 1; i < count; i++) /* its end */
        b->starts[i] += b->starts[i - 1];
    for (uint32_t i = count; i > 0; i--) /* filled from its end, so that its start is left */
        b->sorted[--b->starts[bucket_of(b->added[i - 1], count)]] = b->added[i - 1];
    b->starts[count] = count;
    for (uint32_t i = 0; i < count; i++)
        if (duplicates_add_bucket(&writer->book, b->sorted + b->starts[i],
                                  b->starts[i + 1] - b->starts[i], duplicates) < 0)
            return -1;
    return 0;
}

static int duplicates_add_tables(const struct book_writer *writer, const struct bucketing *b,
                                 struct duplicates *duplicates) {
    for (uint32_t table = 0; table < CDB_TABLES; table++) {
        if (duplicates_add_table(writer, table, b, duplicates) < 0)
            return -1;
    }
    return 0;
}

int duplicates_find(const struct book_writer *writer, struct duplicates *duplicates) {
    size_t most = (size_t)cdb_writer_most(&writer->cdb) + 1;
    struct bucketing b = {.added = calloc(most, sizeof(*b.added)),
                          .sorted = calloc(most, sizeof(*b.sorted)),
                          .starts = malloc(most * sizeof(*b.starts))};
    int result = -1;
    *duplicates = (struct duplicates){0};
    if (b.added != NULL && b.sorted != NULL && b.starts != NULL)
        result = duplicates_add_tables(writer, &b, duplicates);
    int why = errno;
    free(b.added);
    free(b.sorted);
    free(b.starts);
    if (result == 0 && duplicates->count > 0)
        qsort(duplicates->at, duplicates->count, sizeof(*duplicates->at), by_offset);
    errno = why;
    return result;
}

struct duplicate *duplicates_at(const struct duplicates *duplicates, uint32_t offset) {
    struct duplicate wanted = {.offset = offset};
    if (duplicates->count == 0)
        return NULL;
    return bsearch(&wanted, duplicates->at, duplicates->count, sizeof(*duplicates->at), by_offset);
}
