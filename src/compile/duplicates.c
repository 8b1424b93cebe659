#include "compile/duplicates.h"

#include "compile/compilation.h"
#include "compile/entries.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

enum { FORGET_EVERY = 16 }; /* tables; more often, and pages are mapped again and again */

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

/* True if some record before this one in the search has the same value too. */
static int seen_before(const struct cdb_image *image, const struct cdb_record *record) {
    struct cdb_search search;
    struct cdb_record earlier;
    cdbread_seek(image, record->key, &search);
    while (cdbread_next(image, &search, &earlier) > 0 && earlier.offset != record->offset)
        if (span_equal(earlier.value, record->value))
            return 1;
    return 0;
}

/* All the records under the key of first, which is the first of them. */
static int duplicates_take_group(const struct cdb_image *image, const struct cdb_record *first,
                                 struct duplicates *duplicates) {
    struct cdb_search search;
    struct cdb_record record;
    size_t bytes = 0;
    int found;
    cdbread_seek(image, first->key, &search);
    while ((found = cdbread_next(image, &search, &record)) > 0) {
        bool same = seen_before(image, &record);
        bytes += same ? 0 : record.value.len + 2;
        if (duplicates_keep(duplicates, (struct duplicate){record.offset, first->offset, same, 0}) <
            0)
            return -1;
        if (bytes > BOOK_OFFICES_MAX) {
            duplicates->too_many = true;
            errno = E2BIG;
            return -1;
        }
    }
    return found;
}

/* True if the slots that a search would pass after this one hold hash again. */
static bool hash_again(const struct cdb_table *table, uint32_t slot, uint32_t hash) {
    uint32_t next = slot;
    for (;;) {
        next = next + 1 == table->slots ? 0 : next + 1;
        struct cdb_slot other = cdbread_slot(table, next);
        if (other.offset == 0 || next == slot)
            return false;
        if (other.hash == hash)
            return true;
    }
}

/* A group is taken once, at the slot a search for its key comes to first. */
static int duplicates_take_slot(const struct cdb_image *image, uint32_t offset,
                                struct duplicates *duplicates) {
    struct cdb_record record;
    struct cdb_record first;
    struct cdb_search search;
    if (cdbread_at(image, offset, &record) < 0)
        return -1;
    if (span_starts(record.key, BOOK_SPELLING))
        return 0;
    cdbread_seek(image, record.key, &search);
    if (cdbread_next(image, &search, &first) <= 0)
        return -1;
    if (first.offset != record.offset)
        return 0;
    int again = cdbread_next(image, &search, &record);
    return again > 0 ? duplicates_take_group(image, &first, duplicates) : again;
}

static int duplicates_take_table(const struct cdb_image *image, uint32_t number,
                                 struct duplicates *duplicates) {
    struct cdb_table table = cdbread_table(image, number);
    for (uint32_t i = 0; i < table.slots; i++) {
        struct cdb_slot slot = cdbread_slot(&table, i);
        if (slot.offset != 0 && hash_again(&table, i, slot.hash) &&
            duplicates_take_slot(image, slot.offset, duplicates) < 0)
            return -1;
    }
    return 0;
}

static int by_offset(const void *a, const void *b) {
    uint32_t first = ((const struct duplicate *)a)->offset;
    uint32_t second = ((const struct duplicate *)b)->offset;
    return first < second ? -1 : first > second;
}

int duplicates_find(const struct book *book, struct duplicates *duplicates) {
    *duplicates = (struct duplicates){0};
    errno = EBADMSG;
    for (uint32_t number = 0; number < CDB_TABLES; number++) {
        if (duplicates_take_table(&book->image, number, duplicates) < 0)
            return -1;
        if (number % FORGET_EVERY == FORGET_EVERY - 1)
            book_forget(book);
    }
    if (duplicates->count > 0)
        qsort(duplicates->at, duplicates->count, sizeof(*duplicates->at), by_offset);
    return 0;
}

struct duplicate *duplicates_at(const struct duplicates *duplicates, uint32_t offset) {
    struct duplicate wanted = {.offset = offset};
    if (duplicates->count == 0)
        return NULL;
    return bsearch(&wanted, duplicates->at, duplicates->count, sizeof(*duplicates->at), by_offset);
}

/* The duplicates among an entry's records, each told the entry's number; how many of
 * them repeat the office. next is the first duplicate not yet passed. */
static size_t pass_twins(const struct compilation *c, const struct book_entry *entry,
                         size_t *next) {
    size_t same = 0;
    for (; *next < c->duplicates.count && c->duplicates.at[*next].offset <= entry->last;
         (*next)++) {
        c->duplicates.at[*next].number = entry->number;
        same += c->duplicates.at[*next].same;
    }
    return same;
}

/* Warns of one name with several offices; the same of an entry's further keys
 * would only say it again. 0, or EX_DATAERR where that is an error. */
static int judge(struct compilation *c, const struct book_entry *entry) {
    char what[PATH_MAX + 80];
    const struct duplicate *duplicate = duplicates_at(&c->duplicates, entry->first);
    if (duplicate == NULL || duplicate->same || duplicate->of == duplicate->offset)
        return 0;
    const struct duplicate *first = duplicates_at(&c->duplicates, duplicate->of);
    if (first == NULL)
        return 0; /* cannot be: what has a twin is one itself */
    c->summary->names--;
    bool strict = c->options->strict;
    struct place here = line_map_of(&c->lines, entry->number);
    struct place other = line_map_of(&c->lines, first->number);
    snprintf(what, sizeof(what), "%sthis name has another office at %s:%lu%s",
             strict ? "" : "warning: ", source_name(c, other.source), other.line,
             strict ? "" : "; both will be answered");
    return say_place(c, here, what, strict ? EX_DATAERR : 0);
}

static int judge_twins(struct compilation *c) {
    struct entries walk = {0};
    struct book_entry entry;
    size_t next = 0;
    int status = 0;
    int more = 0;
    c->summary->names = c->summary->entries;
    while (next < c->duplicates.count &&
           (more = entries_next(&c->writer.book, &walk, &entry)) > 0) {
        if (pass_twins(c, &entry, &next) == entry.records)
            c->summary->duplicates++;
        else if (judge(c, &entry) != 0)
            status = EX_DATAERR;
    }
    if (more < 0)
        return say_book(c, EX_IOERR);
    c->summary->entries -= c->summary->duplicates;
    c->summary->names -= c->summary->duplicates;
    return status;
}

/* Where the record at offset comes from. */
static struct place place_of(const struct compilation *c, uint32_t offset) {
    struct entries walk = {0};
    struct book_entry entry = {.number = 1};
    while (entries_next(&c->writer.book, &walk, &entry) > 0 && entry.last < offset)
        continue;
    return line_map_of(&c->lines, entry.number);
}

static int find_twins(struct compilation *c) {
    if (duplicates_find(&c->writer.book, &c->duplicates) == 0)
        return judge_twins(c);
    if (!c->duplicates.too_many)
        return say_book(c, EX_IOERR);
    return say_place(c, place_of(c, c->duplicates.at[c->duplicates.count - 1].offset),
                     "more than 16384 bytes of offices under one name", EX_DATAERR);
}

static int copy_but_duplicates(const struct compilation *c, struct book_writer *to) {
    struct entries walk = {0};
    struct book_entry entry;
    size_t next = 0;
    int more;
    while ((more = entries_next(&c->writer.book, &walk, &entry)) > 0) {
        struct entry copy = {entry.name, entry.office, 0};
        if (pass_twins(c, &entry, &next) < entry.records && book_writer_add(to, &copy) < 0)
            return -1;
    }
    return more;
}

/* Only when the whole book is there is it known what stands in it twice; that
 * is rare enough to make the book again without it. */
int duplicates_settle(struct compilation *c) {
    int status = find_twins(c);
    if (status == 0)
        status = c->status; /* of an error that was put off */
    if (status != 0 || c->summary->duplicates == 0)
        return status;
    return rewrite(c, copy_but_duplicates);
}
