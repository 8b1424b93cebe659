#include "data/list_record.h"

/* Slots of a hash table that a search passes in any case, whatever they are of. Hardly a hundred
 * slots of lists are in a row, even in a table of a hundred million, unless words were chosen to
 * collide. Names may fill more: each has a slot for each of its offices, up to 5,461. */
enum { SLOTS_FREE = 256 };

/* cdbread_next, for at most SLOTS_FREE slots. Returns 0 with left 0 if there may be more. */
static int search_near(const struct cdb_image *image, struct cdb_search *search,
                       struct cdb_record *record) {
    search->left = search->slots < SLOTS_FREE ? search->slots : SLOTS_FREE;
    return cdbread_next(image, search, record);
}

/* Returns an offset that all lists are beyond, and all names before; 0 if it is not known. */
static uint32_t names_end(const struct cdb_image *image) {
    struct cdb_search search;
    struct cdb_record record;
    cdbread_seek(image, BOOK_ENTRIES, &search);
    return search_near(image, &search, &record) > 0 ? record.offset : 0;
}

/* Continues a search at the cost of the allowance. It ends at the first name, so that names cannot
 * make it long. */
static int search_far(const struct postings *list, struct cdb_search *search,
                      struct cdb_record *record) {
    const struct cdb_image *image = &list->book->image;
    uint32_t end = names_end(image);
    struct cdb_slot slot;
    int more;
    while ((more = cdbread_next_slot(image, search, &slot)) > 0) {
        bool is_read = slot.offset < end || slot.hash == search->hash;
        if (!postings_charge(list, is_read ? CDB_PIECE : sizeof(slot)))
            return 0;
        if (!is_read)
            continue;
        if (cdbread_at(image, slot.offset, record) < 0)
            return -1;
        if (!cdbread_is_reserved(record->key))
            return 0;
        if (span_equal(record->key, search->key))
            return 1;
    }
    return more;
}

int list_record_find(const struct postings *list, struct span key, struct cdb_record *record) {
    struct cdb_search search;
    cdbread_seek(&list->book->image, key, &search);
    int found = search_near(&list->book->image, &search, record);
    if (found != 0 || search.left > 0 || search.slots <= SLOTS_FREE)
        return found;
    search.left = search.slots - SLOTS_FREE;
    return search_far(list, &search, record);
}
