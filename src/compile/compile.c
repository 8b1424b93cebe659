/* How a book is made. Whatever fails, the old book stays as it was.
 *
 *   open      all sources, the book's folder, the new file        open_files, atomic_file
 *   confine   from here on nothing else can be opened             net/confine.h
 *   read      each source: an entry's name is folded, its record  read_sources, formats,
 *             written, its line and its words are noted           book_writer, line_map, index
 *   review    which names stand in it more than once              duplicate_search
 *   settle    warns of two offices; without what is in it twice   duplicates
 *             the book is written again
 *   finish    the words are sorted, their postings and then the   lists, spill, list_writer,
 *             hash tables are written                             cdb_writer
 *   sync      all of it is on the disk                            atomic_file
 *   compare   the sources are what they were when they were read  read_sources
 *   commit    the new file takes the old one's place              atomic_file */
#include "compile/compile.h"

#include "compile/compilation.h"
#include "formats/charset.h"

#include <stdlib.h>

static enum outcome fill(struct compilation *c) {
    if (book_writer_start(&c->writer, &c->new, c->options->exact_only) < 0)
        return say_book(c, OUTCOME_NOT_WRITTEN);
    enum outcome outcome = read_sources(c);
    if (outcome != OUTCOME_DONE)
        return outcome;
    if (book_writer_review(&c->writer) < 0)
        return say_book(c, OUTCOME_NOT_WRITTEN);
    outcome = duplicates_settle(c);
    if (outcome == OUTCOME_DONE && book_writer_finish(&c->writer, c->options->report.progress) < 0)
        outcome = say_book(c, OUTCOME_NOT_WRITTEN);
    return outcome;
}

/* The sources are looked at again as late as can be: what changes after that
 * is no part of this book. */
static enum outcome make(struct compilation *c) {
    enum outcome outcome = fill(c);
    if (outcome == OUTCOME_DONE && atomic_file_sync(&c->new) < 0)
        outcome = say_book(c, OUTCOME_NOT_MADE);
    if (outcome == OUTCOME_DONE)
        outcome = check_unchanged(c);
    if (outcome == OUTCOME_DONE && atomic_file_commit(&c->new) < 0)
        outcome = say_book(c, OUTCOME_NOT_MADE);
    c->options->report.progress(0, NULL);
    return outcome;
}

/* True if some source may have charsets of its own. */
static bool may_decode(const struct compile_options *options) {
    bool some = options->format != NULL && options->format->decodes;
    for (unsigned i = 0; options->format == NULL && i < options->count; i++)
        some = some || format_of(options->sources[i])->decodes;
    return some;
}

enum outcome compile(const struct compile_options *options, struct compile_summary *summary) {
    struct message_kinds kinds = {.count = 0};
    struct compilation c = {.options = options, .summary = summary, .kinds = &kinds};
    *summary = (struct compile_summary){0};
    c.new = (struct atomic_file){.fd = -1, .folder = -1};
    enum outcome outcome = open_files(&c);
    if (outcome == OUTCOME_DONE) {
        charsets_hold(&c.charsets, options->how.charset, may_decode(options));
        options->confine(options, c.new.folder);
        outcome = make(&c);
    }
    say_rest(&c);
    charsets_release(&c.charsets);
    book_writer_close(&c.writer);
    atomic_file_end(&c.new);
    free(c.duplicates.at);
    line_map_free(&c.lines);
    close_sources(&c);
    return outcome;
}
