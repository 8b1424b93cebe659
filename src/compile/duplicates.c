#include "compile/duplicates.h"

#include "compile/compilation.h"
#include "data/escape.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

/* Returns the duplicate that the entry is, or NULL. *next is the index of the next duplicate to
 * come: 0 before the first entry. Sets the duplicate's number. Call it for each entry in order. */
static struct duplicate *duplicates_pass(const struct compilation *c,
                                         const struct book_entry *entry, size_t *next) {
    if (*next == c->duplicates.count || c->duplicates.at[*next].offset != entry->offset)
        return NULL;
    struct duplicate *duplicate = &c->duplicates.at[*next];
    duplicate->number = entry->number;
    ++*next;
    return duplicate;
}

static struct place place_of_entry(const struct compilation *c, unsigned long number) {
    return line_map_of(&c->line_map, number + 1);
}

/* The duplicates are in the order of their entries. */
struct place duplicates_place(const struct compilation *c, unsigned long number) {
    for (size_t i = 0; i < c->duplicates.count; i++)
        number += c->duplicates.at[i].same && c->duplicates.at[i].number <= number;
    return place_of_entry(c, number);
}

/* Warns of a name with several offices. Returns OUTCOME_DONE; OUTCOME_BAD_DATA with strict. */
static enum outcome duplicates_judge(struct compilation *c, const struct duplicate *duplicate) {
    char what[PATH_MAX + 80];
    if (duplicate->of == duplicate->offset)
        return OUTCOME_DONE;
    const struct duplicate *first = duplicates_at(&c->duplicates, duplicate->of);
    if (first == NULL)
        return OUTCOME_DONE; /* never happens: the first record is a duplicate, too */
    c->summary->names--;
    bool strict = c->options->strict;
    struct place here = place_of_entry(c, duplicate->number);
    struct place other = place_of_entry(c, first->number);
    snprintf(what, sizeof(what), "%sthis name has another office at %s:%lu%s",
             strict ? "" : "warning: ", compilation_source_name(c, other.source), other.line,
             strict ? "" : "; both will be answered");
    return compilation_say_place(c, here, what, strict ? OUTCOME_BAD_DATA : OUTCOME_DONE);
}

static enum outcome duplicates_judge_all(struct compilation *c) {
    struct entries walk = {0};
    struct book_entry entry;
    size_t next = 0;
    enum outcome outcome = OUTCOME_DONE;
    int more = 0;
    c->summary->names = c->summary->entries;
    while (next < c->duplicates.count &&
           (more = entries_next(&c->writer.book, &walk, &entry)) > 0) {
        const struct duplicate *duplicate = duplicates_pass(c, &entry, &next);
        if (duplicate == NULL)
            continue;
        if (duplicate->same)
            c->summary->duplicates++;
        else if (duplicates_judge(c, duplicate) != OUTCOME_DONE)
            outcome = OUTCOME_BAD_DATA;
    }
    if (more < 0)
        return compilation_say_book(c, OUTCOME_NOT_WRITTEN);
    c->summary->entries -= c->summary->duplicates;
    c->summary->names -= c->summary->duplicates;
    return outcome;
}

/* Reports the fault of the last duplicate, with its place in the sources and its name. */
static enum outcome duplicates_say_fault(const struct compilation *c) {
    char name[2 * BOOK_NAME_MAX] = "";
    char what[sizeof(name) + 80];
    struct text escaped = {.at = name, .cap = sizeof(name)};
    uint32_t offset = c->duplicates.at[c->duplicates.count - 1].offset;
    struct entries walk = {0};
    struct book_entry entry = {.number = 0};
    while (entries_next(&c->writer.book, &walk, &entry) > 0 && entry.offset < offset)
        continue;
    escape(entry.name, "", "", &escaped);
    snprintf(what, sizeof(what), "%s: %.*s", c->duplicates.fault, (int)escaped.len, name);
    return compilation_say_place(c, place_of_entry(c, entry.number), what, OUTCOME_BAD_DATA);
}

static enum outcome duplicates_find_and_judge(struct compilation *c) {
    if (duplicates_find(&c->writer, &c->duplicates) == 0)
        return duplicates_judge_all(c);
    return c->duplicates.fault == NULL ? compilation_say_book(c, OUTCOME_NOT_WRITTEN)
                                       : duplicates_say_fault(c);
}

static int duplicates_copy_others(const struct compilation *c, struct book_writer *to) {
    struct entries walk = {0};
    struct book_entry entry;
    size_t next = 0;
    int more;
    while ((more = entries_next(&c->writer.book, &walk, &entry)) > 0) {
        struct entry copy = {entry.name, entry.office, 0};
        const struct duplicate *duplicate = duplicates_pass(c, &entry, &next);
        if ((duplicate == NULL || !duplicate->same) && book_writer_add(to, &copy) < 0)
            return -1;
    }
    return more;
}

static enum outcome duplicates_rewrite(struct compilation *c) {
    struct atomic_file again = {.fd = -1, .folder = -1};
    struct book_writer *writer = malloc(sizeof(*writer));
    if (writer == NULL || atomic_file_again(&again, &c->new) < 0) {
        enum outcome outcome = compilation_say_book(c, OUTCOME_NOT_MADE);
        atomic_file_end(&again);
        free(writer);
        return outcome;
    }
    index_end(&c->writer.index);
    enum outcome outcome = OUTCOME_DONE;
    if (book_writer_start(writer, &again, c->options->exact_only) < 0 ||
        duplicates_copy_others(c, writer) < 0 || book_writer_review(writer) < 0)
        outcome = compilation_say_book(c, OUTCOME_NOT_WRITTEN);
    book_writer_close(&c->writer);
    atomic_file_end(&c->new);
    c->writer = *writer;
    c->new = again;
    c->writer.index.notes.beside = &c->new;
    free(writer);
    return outcome;
}

/* Duplicates are known only after all entries are written. They are rare, so writing the book again
 * costs little on average. */
enum outcome duplicates_settle(struct compilation *c) {
    enum outcome outcome = duplicates_find_and_judge(c);
    if (outcome == OUTCOME_DONE)
        outcome = c->outcome; /* an error that keep_going deferred */
    if (outcome != OUTCOME_DONE || c->summary->duplicates == 0)
        return outcome;
    return duplicates_rewrite(c);
}
