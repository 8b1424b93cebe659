#include "import/compilation.h"
#include "import/entries.h"

#include <limits.h>
#include <stdio.h>
#include <sysexits.h>

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
int settle_twins(struct compilation *c) {
    int status = find_twins(c);
    if (status == 0)
        status = c->status; /* of an error that was put off */
    if (status != 0 || c->summary->duplicates == 0)
        return status;
    return remake(c, copy_but_duplicates);
}
