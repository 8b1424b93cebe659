#include "compile/verify.h"

#include "compile/verify_offices.h"
#include "data/cdbcheck.h"
#include "data/entries.h"
#include "data/fold.h"
#include "data/list_record.h"
#include "data/lists_of_name.h"
#include "data/search.h"
#include "data/utf8.h"

#include <stdlib.h>

enum { FORGET_EVERY = 16 }; /* hash tables between two calls of book_forget */

static const char TOO_DEAR[] = "too many lists with colliding hashes";
static const char UNREAD[] = "a list of postings that cannot be read";

/* State of reading a book. */
struct verification {
    const struct book *book;
    struct entries walk;
    struct words words;
    uint64_t records;
    uint64_t pointers;    /* sum of the pointers that the records must have */
    uint32_t blocks;      /* number of the last BOOK_BLOCK record, plus 1 */
    uint32_t block_start; /* offset of the first entry of the current block */
    uint64_t noted;       /* sum of the postings that the names must have */
    uint64_t listed;      /* sum of the postings that were read */
    uint64_t list_sum;    /* sum of the name of the current list */
    struct postings list; /* the current list with its head; left: postings not yet read */
    uint32_t allowance;   /* of the search for the current record of a list */
    uint32_t dropped;     /* postings of the current list that are dropped, of those read */
    uint32_t alone;       /* likewise, those of names without another word */
    bool is_letter;       /* the current list is of a single letter */
    bool knows_index;     /* a name with words was seen, which tells has_index */
    bool has_index;       /* that name is in a list */
    bool has_lists;
    char list_name[WORDS_ROOM];
};

/* ---- sums of postings; addition makes them independent of the order */

static uint64_t mixed(uint64_t sum, struct span s) {
    for (uint64_t part = s.len;; s = span_from(s, sizeof(part))) {
        sum = (sum ^ part) * UINT64_C(0x9E3779B97F4A7C15);
        sum ^= sum >> 32;
        if (s.len <= sizeof(part))
            break;
        memcpy(&part, s.at, sizeof(part));
    }
    uint64_t rest = 0;
    memcpy(&rest, s.at, s.len);
    sum = (sum ^ rest) * UINT64_C(0x9E3779B97F4A7C15);
    return sum ^ sum >> 29;
}

static uint64_t sum_of_name(struct span name) {
    return mixed(UINT64_C(0xCBF29CE484222325), name);
}

/* Returns the sum of a posting in the list whose name has the sum name. Searches compare info
 * without decoding it, so its bytes count, not what they say. */
static uint64_t sum_of(uint64_t name, uint32_t entry, struct span info) {
    char bytes[POSTING_MAX];
    struct text out = {.at = bytes, .cap = sizeof(bytes)};
    varint_put(&out, entry);
    text_put(&out, info);
    return mixed(name, text_span(&out));
}

/* The lists of one name. A word that occurs twice counts once. */
struct noting {
    struct verification *v;
    uint64_t names[4 * WORDS_MAX];
    size_t count;
};

static int note_posting(void *context, struct span name, const struct posting *posting) {
    char bytes[POSTING_MAX];
    struct text info = {.at = bytes, .cap = sizeof(bytes)};
    struct noting *noting = context;
    uint64_t of_name = sum_of_name(name);
    for (size_t i = 0; i < noting->count; i++)
        if (noting->names[i] == of_name)
            return 0;
    noting->names[noting->count++] = of_name;
    if (!span_starts(name, POSTINGS_INITIALS))
        posting_put(&info, posting);
    noting->v->noted += sum_of(of_name, posting->entry, text_span(&info));
    return 0;
}

/* ---- records, kind by kind. Each function returns NULL or an error message. */

/* The first name that has words decides: if it is in no list, there must be no lists at all. A name
 * such as "-" has no words and is in no list in any case. */
static void decide_index(struct verification *v, struct span key) {
    struct postings list;
    uint32_t allowance = UINT32_MAX;
    words_of(key, &v->words);
    v->knows_index = v->words.count > 0;
    v->has_index = v->knows_index && v->book->has_version &&
                   postings_open(&list, v->book, v->words.at[0].bare, &allowance) != 0;
}

static const char *verify_entry(struct verification *v, const struct cdb_record *record) {
    struct book_entry entry;
    struct noting noting = {.v = v, .count = 0};
    char bytes[BOOK_NAME_MAX * FOLD_GROWTH];
    struct text folded = {.at = bytes, .cap = sizeof(bytes)};
    if (v->has_lists)
        return "a name after the words";
    if (!utf8_is_plain(record->key))
        return "a key that is not plain text";
    if (!utf8_is_plain(record->value) || record->value.len == 0)
        return "an office that is not plain text";
    if (record->value.len > BOOK_OFFICES_MAX)
        return "an office that is too long for an answer"; /* see also verify_offices */
    if (!v->knows_index)
        decide_index(v, record->key);
    if (v->walk.next % ENTRIES_BLOCK == 0)
        v->block_start = record->offset;
    if (entries_next(v->book, &v->walk, &entry) <= 0 || entry.offset != record->offset ||
        !utf8_is_plain(entry.name) || fold_name(entry.name, &folded) < 0 ||
        !span_equal(text_span(&folded), record->key))
        return "a key that is not its name, folded";
    if (v->has_index)
        lists_of_name(&v->words, entry.number, record->key, note_posting, &noting);
    return NULL;
}

/* A BOOK_BLOCK record has the block's number, follows the block's entries, and gives the offset of
 * the first. In a book without lists, some blocks have no such record. */
static const char *verify_block(struct verification *v, const struct cdb_record *record) {
    uint32_t number = v->walk.next == 0 ? 0 : (v->walk.next - 1) / ENTRIES_BLOCK;
    struct span key = span_from(record->key, BOOK_BLOCK.len);
    const char *fault = "spellings of other names";
    if (v->has_lists || v->walk.next == 0 || key.len != sizeof(number) ||
        cdbread_number((const unsigned char *)key.at) != number || number < v->blocks ||
        record->value.len < sizeof(number) || v->walk.spellings.len > 0)
        return fault;
    v->blocks = number + 1;
    return cdbread_number((const unsigned char *)record->value.at) == v->block_start ? NULL : fault;
}

static const char *verify_count(const struct verification *v) {
    uint32_t count = 0;
    int known = entries_count(v->book, &count);
    return known == 0 || (known > 0 && count == v->walk.next) ? NULL
                                                              : "a number of entries that is wrong";
}

static const char *verify_postings(struct verification *v, struct span value) {
    struct posting posting = {.count = 0};
    uint32_t more = 0;
    while (value.len > 0) {
        size_t used = varint_get(value, &more);
        size_t info =
            used == 0 || !v->list.has_initials ? 0 : posting_get(span_from(value, used), &posting);
        if (used == 0 || (info == 0) == v->list.has_initials || v->list.left == 0 ||
            more > UINT32_MAX - v->list.entry)
            return "a list of postings that ends wrongly";
        v->list.entry += more;
        v->list.left--;
        v->dropped += posting.is_dropped;
        v->alone += v->list.has_initials && posting.count == (v->is_letter ? 1 : 0);
        v->listed += sum_of(v->list_sum, v->list.entry, (struct span){value.at + used, info});
        value = span_from(value, used + info);
    }
    return NULL;
}

static const char *verify_list_end(const struct verification *v) {
    bool is_right = v->list.left == 0 && v->dropped == v->list.dropped && v->alone == v->list.alone;
    return is_right ? NULL : "a list with a wrong number of postings";
}

/* Starts a list; value is its first part. Also searches for the list by its name, with all that a
 * request may read: another list may hide it, or make the search for it too dear. */
static const char *verify_list_start(struct verification *v, struct span name, struct span value) {
    const char *fault = verify_list_end(v);
    if (fault != NULL)
        return fault;
    v->allowance = SEARCH_BYTES + 1;
    bool is_read = name.len <= sizeof(v->list_name) &&
                   postings_open(&v->list, v->book, name, &v->allowance) > 0 &&
                   span_equal(v->list.value, value);
    if (!is_read || v->allowance == 0)
        return v->allowance == 0 ? TOO_DEAR : UNREAD;
    memcpy(v->list_name, name.at, name.len);
    v->list.name = (struct span){v->list_name, name.len};
    v->list_sum = sum_of_name(v->list.name);
    v->dropped = v->alone = 0;
    v->has_lists = true;
    v->is_letter = postings_is_letter(v->list.name);
    return verify_postings(v, span_from(value, v->list.at));
}

/* A record of several short lists. */
static const char *verify_lists(struct verification *v, const struct cdb_record *record) {
    struct span lists = record->value;
    struct span name;
    struct span value;
    while (postings_shared_next(&lists, &name, &value)) {
        const char *fault = verify_list_start(v, name, value);
        if (fault == NULL)
            fault = verify_list_end(v);
        if (fault != NULL)
            return fault;
    }
    return lists.len > 0 || record->value.len == 0 ? "a record of lists that cannot be read" : NULL;
}

/* The further records of a list follow its first one, and each is searched for, too. */
static const char *verify_list_more(struct verification *v, const struct cdb_record *record) {
    char bytes[3 + WORDS_ROOM];
    struct text key = {.at = bytes, .cap = sizeof(bytes)};
    struct cdb_record found;
    postings_key(v->list.name, ++v->list.chunk, &key);
    if (!v->has_lists || record->value.len == 0 || !span_equal(text_span(&key), record->key))
        return "a list of postings that is not whole";
    v->allowance = SEARCH_BYTES + 1;
    if (list_record_find(&v->list, record->key, &found) <= 0 || found.offset != record->offset)
        return v->allowance == 0 ? TOO_DEAR : UNREAD;
    return verify_postings(v, record->value);
}

static const char *verify_record(struct verification *v, const struct cdb_record *record) {
    bool is_first = v->records++ == 0;
    v->pointers += cdbcheck_pointer(cdbread_hash(record->key), record->offset);
    if (8 + record->key.len + record->value.len > CDB_RECORD_MAX)
        return "a record that is too long to be read";
    if (v->book->has_version && span_starts(record->key, BOOK_VERSION))
        return is_first ? NULL : "a version that is not the first record";
    if (v->book->has_version && span_starts(record->key, BOOK_BLOCK))
        return verify_block(v, record);
    if (v->book->has_version && span_starts(record->key, BOOK_LIST))
        return verify_list_start(v, span_from(record->key, BOOK_LIST.len), record->value);
    if (v->book->has_version && span_starts(record->key, BOOK_LISTS))
        return verify_lists(v, record);
    if (v->book->has_version && span_starts(record->key, BOOK_LIST_MORE))
        return verify_list_more(v, record);
    if (v->book->has_version && span_equal(record->key, BOOK_ENTRIES))
        return NULL; /* see verify_count */
    return verify_entry(v, record);
}

static const char *verify_records(struct verification *v) {
    struct cdb_record record = {0};
    const char *fault;
    int more;
    while ((more = book_walk(v->book, &record)) > 0)
        if ((fault = verify_record(v, &record)) != NULL)
            return fault;
    if (more < 0)
        return "a record that ends outside the book";
    if ((fault = verify_list_end(v)) != NULL)
        return fault;
    if ((fault = verify_count(v)) != NULL)
        return fault;
    return v->has_lists && v->noted != v->listed ? "words that are not those of its names" : NULL;
}

static const char *verify_tables(const struct verification *v) {
    uint64_t pointers = 0;
    for (uint32_t number = 0; number < CDB_TABLES; number++) {
        if (!cdbcheck_table(&v->book->image, number, &pointers))
            return "a record that no search finds";
        if (number % FORGET_EVERY == FORGET_EVERY - 1)
            book_forget(v->book);
    }
    if (pointers != v->pointers)
        return "hash tables that are not those of its records";
    return book_has_end(v->book) ? NULL : "an end that is not a book's";
}

const char *verify_book(const struct book *book, unsigned long *entries) {
    struct verification *v = calloc(1, sizeof(*v));
    if (v == NULL)
        return "not enough memory to verify it";
    v->book = book;
    const char *fault = verify_records(v);
    if (fault == NULL)
        fault = verify_tables(v);
    if (fault == NULL)
        fault = verify_offices(book);
    *entries = v->walk.next;
    free(v);
    return fault;
}
