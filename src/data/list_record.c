#include "data/list_record.h"

/* Returns an offset that all lists are beyond, and all names before; 0 if it is not known. */
static uint32_t names_end(const struct cdb_image *image) {
    struct cdb_search search;
    struct cdb_record record;
    cdbread_seek(image, BOOK_ENTRIES, &search);
    if (search.left > LIST_SLOTS_FREE)
        search.left = LIST_SLOTS_FREE;
    return cdbread_next(image, &search, &record) > 0 ? record.offset : 0;
}

/* Far from where a search begins, each record that may be a name's is read, because a name ends the
 * search. Near it only those of the key's hash are read. */
int list_record_find(const struct postings *list, struct span key, struct cdb_record *record) {
    const struct cdb_image *image = &list->book->image;
    struct cdb_search search;
    struct cdb_slot slot;
    uint32_t end = 0;
    int more;
    cdbread_seek(image, key, &search);
    while ((more = cdbread_next_slot(image, &search, &slot)) > 0) {
        uint32_t passed = search.slots - search.left - 1;
        if (passed == LIST_SLOTS_FREE)
            end = names_end(image);
        if (passed >= LIST_SLOTS_FREE && !postings_charge(list, LIST_SLOT_COST))
            return 0;
        if (slot.hash != search.hash && slot.offset >= end)
            continue;
        if (cdbread_at(image, slot.offset, record) < 0)
            return -1;
        if (span_equal(record->key, key))
            return 1;
        if (!cdbread_is_reserved(record->key) || !postings_charge(list, LIST_RECORD_COST))
            return 0;
    }
    return more;
}
