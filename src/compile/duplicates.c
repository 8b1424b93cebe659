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

static int keep(struct twins *twins, struct twin twin) {
    if ((twins->count & (twins->count - 1)) == 0) { /* full at each power of 2 */
        size_t room = twins->count == 0 ? 1 : twins->count * 2;
        struct twin *at = reallocarray(twins->at, room, sizeof(*at));
        if (at == NULL)
            return -1;
        twins->at = at;
    }
    twins->at[twins->count++] = twin;
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
static int take_group(const struct cdb_image *image, const struct cdb_record *first,
                      struct twins *twins) {
    struct cdb_search search;
    struct cdb_record record;
    size_t bytes = 0;
    int found;
    cdbread_seek(image, first->key, &search);
    while ((found = cdbread_next(image, &search, &record)) > 0) {
        bool same = seen_before(image, &record);
        bytes += same ? 0 : record.value.len + 2;
        if (keep(twins, (struct twin){record.offset, first->offset, same, 0}) < 0)
            return -1;
        if (bytes > BOOK_OFFICES_MAX) {
            twins->too_many = true;
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
static int take_slot(const struct cdb_image *image, uint32_t offset, struct twins *twins) {
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
    return again > 0 ? take_group(image, &first, twins) : again;
}

static int take_table(const struct cdb_image *image, uint32_t number, struct twins *twins) {
    struct cdb_table table = cdbread_table(image, number);
    for (uint32_t i = 0; i < table.slots; i++) {
        struct cdb_slot slot = cdbread_slot(&table, i);
        if (slot.offset != 0 && hash_again(&table, i, slot.hash) &&
            take_slot(image, slot.offset, twins) < 0)
            return -1;
    }
    return 0;
}

static int by_offset(const void *a, const void *b) {
    uint32_t first = ((const struct twin *)a)->offset;
    uint32_t second = ((const struct twin *)b)->offset;
    return first < second ? -1 : first > second;
}

int twins_find(const struct book *book, struct twins *twins) {
    *twins = (struct twins){0};
    errno = EBADMSG;
    for (uint32_t number = 0; number < CDB_TABLES; number++) {
        if (take_table(&book->image, number, twins) < 0)
            return -1;
        if (number % FORGET_EVERY == FORGET_EVERY - 1)
            book_forget(book);
    }
    if (twins->count > 0)
        qsort(twins->at, twins->count, sizeof(*twins->at), by_offset);
    return 0;
}

struct twin *twins_at(const struct twins *twins, uint32_t offset) {
    struct twin wanted = {.offset = offset};
    if (twins->count == 0)
        return NULL;
    return bsearch(&wanted, twins->at, twins->count, sizeof(*twins->at), by_offset);
}

/* The twins among an entry's records, each told the entry's number; how many of
 * them repeat the office. next is the first twin not yet passed. */
static size_t pass_twins(const struct compilation *c, const struct book_entry *entry,
                         size_t *next) {
    size_t same = 0;
    for (; *next < c->twins.count && c->twins.at[*next].offset <= entry->last; (*next)++) {
        c->twins.at[*next].number = entry->number;
        same += c->twins.at[*next].same;
    }
    return same;
}

/* Warns of one name with several offices; the same of an entry's further keys
 * would only say it again. 0, or EX_DATAERR where that is an error. */
static int judge(struct compilation *c, const struct book_entry *entry) {
    char what[PATH_MAX + 80];
    const struct twin *twin = twins_at(&c->twins, entry->first);
    if (twin == NULL || twin->same || twin->of == twin->offset)
        return 0;
    c->summary->names--;
    bool strict = c->order->strict;
    struct place here = lines_of(&c->lines, entry->number);
    struct place other = lines_of(&c->lines, twins_at(&c->twins, twin->of)->number);
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
    c->summary->names = c->summary->entries;
    while (next < c->twins.count && entries_next(&c->maker.book, &walk, &entry) > 0) {
        if (pass_twins(c, &entry, &next) == entry.records)
            c->summary->duplicates++;
        else if (judge(c, &entry) != 0)
            status = EX_DATAERR;
    }
    c->summary->entries -= c->summary->duplicates;
    c->summary->names -= c->summary->duplicates;
    return status;
}

/* Where the record at offset comes from. */
static struct place place_of(const struct compilation *c, uint32_t offset) {
    struct entries walk = {0};
    struct book_entry entry = {.number = 1};
    while (entries_next(&c->maker.book, &walk, &entry) > 0 && entry.last < offset)
        continue;
    return lines_of(&c->lines, entry.number);
}

static int find_twins(struct compilation *c) {
    if (twins_find(&c->maker.book, &c->twins) == 0)
        return judge_twins(c);
    if (!c->twins.too_many)
        return say_book(c, EX_IOERR);
    return say_place(c, place_of(c, c->twins.at[c->twins.count - 1].offset),
                     "more than 16384 bytes of offices under one name", EX_DATAERR);
}

static int copy_but_duplicates(const struct compilation *c, struct maker *to) {
    struct entries walk = {0};
    struct book_entry entry;
    size_t next = 0;
    while (entries_next(&c->maker.book, &walk, &entry) > 0) {
        struct entry copy = {entry.name, entry.office, 0};
        if (pass_twins(c, &entry, &next) < entry.records && maker_add(to, &copy) < 0)
            return -1;
    }
    return 0;
}

/* Only when the whole book is there is it known what stands in it twice; that
 * is rare enough to make the book again without it. */
int duplicates_settle(struct compilation *c) {
    int status = find_twins(c);
    if (status == 0)
        status = c->status; /* of an error that was put off */
    if (status != 0 || c->summary->duplicates == 0)
        return status;
    return remake(c, copy_but_duplicates);
}
