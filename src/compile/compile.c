/* The steps of a compilation. If one fails, the old book stays unchanged, with one exception
 * (compile.h).
 *
 *   open      opens all sources, the folder and the new file      open_files, folder, atomic_file
 *   confine   gives up the right to open any other file           the caller's callback
 *   read      reads each source; for each entry, writes a record  read_sources, formats,
 *             and notes its line and its words                    book_writer, line_map, index,
 *                                                                 notes
 *   review    makes the records readable; the book has no hash    book_writer
 *             tables yet
 *   settle    finds names that occur more than once; warns of     duplicates, duplicate_search
 *             several offices; writes a book with duplicates
 *             again without them
 *   finish    collects and writes the list of each word, and      index, lists, list_writer,
 *             then writes the hash tables                         cdb_writer
 *   sync      waits until the new file is on the disk             atomic_file
 *   compare   checks that no source changed since it was opened   read_sources
 *   commit    renames the new file over the old one               atomic_file */
#include "compile/compile.h"

#include "compile/compilation.h"
#include "formats/charset.h"

#include <errno.h>
#include <stdlib.h>

static enum outcome compilation_write(struct compilation *c) {
    if (book_writer_start(&c->writer, &c->new, c->options->exact_only) < 0)
        return compilation_say_book(c, OUTCOME_NOT_WRITTEN);
    enum outcome outcome = compilation_read_sources(c);
    if (outcome != OUTCOME_DONE)
        return outcome;
    if (book_writer_review(&c->writer) < 0)
        return compilation_say_book(c, OUTCOME_NOT_WRITTEN);
    outcome = duplicates_settle(c);
    if (outcome == OUTCOME_DONE && book_writer_finish(&c->writer, c->options->report.progress) < 0)
        outcome = errno == E2BIG ? compilation_say_collision(c)
                                 : compilation_say_book(c, OUTCOME_NOT_WRITTEN);
    return outcome;
}

/* Checks the sources as late as possible: only a change after the check can be missed, and that
 * came after the source was read. */
static enum outcome compilation_make(struct compilation *c) {
    enum outcome outcome = compilation_write(c);
    if (outcome == OUTCOME_DONE && atomic_file_sync(&c->new) < 0)
        outcome = compilation_say_book(c, OUTCOME_NOT_MADE);
    if (outcome == OUTCOME_DONE)
        outcome = compilation_check_unchanged(c);
    if (outcome == OUTCOME_DONE && atomic_file_commit(&c->new) < 0)
        outcome = compilation_say_book(c, OUTCOME_NOT_MADE);
    c->options->report.progress(0, NULL);
    return outcome;
}

/* Returns true if some source may name charsets in its lines. */
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
    enum outcome outcome = compilation_open_files(&c);
    if (outcome == OUTCOME_DONE) {
        charsets_hold(&c.charsets, options->how.charset, may_decode(options));
        options->confine(options, c.new.folder);
        outcome = compilation_make(&c);
    }
    compilation_say_rest(&c);
    charsets_release(&c.charsets);
    book_writer_close(&c.writer);
    atomic_file_end(&c.new);
    free(c.duplicates.at);
    line_map_free(&c.line_map);
    compilation_close_sources(&c);
    return outcome;
}
