/* The state of a compilation, shared by the files that do its steps (compile.c). */
#ifndef LOOKUP_COMPILATION_H
#define LOOKUP_COMPILATION_H

#include "compile/atomic_file.h"
#include "compile/book_writer.h"
#include "compile/compile.h"
#include "compile/duplicates.h"
#include "compile/line_map.h"
#include "formats/charset.h"

#include <sys/stat.h>

struct source_file {
    int fd; /* -1: not open */
    struct stat opened;
};

enum {
    KINDS_MAX = 64,  /* kinds of messages that are counted; of further kinds all are shown */
    KIND_SHOWN = 20, /* messages of a kind that are shown; further ones are only counted */
};

struct message_kind {
    uint32_t hash;
    unsigned long times;
    char first[120]; /* the first message of this kind, cut before " at " */
};

struct message_kinds {
    struct message_kind at[KINDS_MAX];
    size_t count;
};

struct compilation {
    const struct compile_options *options;
    struct compile_summary *summary;
    struct atomic_file new; /* the new book */
    struct book_writer writer;
    struct line_map line_map;
    struct message_kinds *kinds; /* kinds of the messages so far */
    struct source_file *sources;
    struct charsets charsets;
    bool had_names; /* the old book has entries, or may have some */
    struct duplicates duplicates;
    enum outcome outcome; /* outcome of the first error; with keep_going, it counts at the end */
};

/* Each reports a message and returns outcome. compilation_say_place reports at most KIND_SHOWN
 * messages of a kind. Messages are of one kind if they differ only in digits or after " at ". */
enum outcome compilation_say(const struct compilation *c, const char *file, unsigned long line,
                             const char *what, enum outcome outcome);
enum outcome compilation_say_place(const struct compilation *c, struct place place,
                                   const char *what, enum outcome outcome);

/* Reports for each kind how many messages were not shown. */
void compilation_say_rest(const struct compilation *c);

/* Reports errno as a failure of the book. Returns outcome. */
enum outcome compilation_say_book(const struct compilation *c, enum outcome outcome);

/* Reports that cdb_writer_finish refused the book (E2BIG), with a word, and an entry that has it.
 * Returns OUTCOME_BAD_DATA. */
enum outcome compilation_say_collision(const struct compilation *c);

/* Returns the name of a source for messages. */
const char *compilation_source_name(const struct compilation *c, unsigned source);

/* The steps. Each returns OUTCOME_DONE, or the outcome with which the compilation must end. */

/* Opens the sources in order, and the new book. Refuses to replace a source, or a file that is
 * neither a book nor empty. No later step opens a file by its path. As root, may change the user of
 * the process (folder_act_as_owner). */
enum outcome compilation_open_files(struct compilation *c);
void compilation_close_sources(struct compilation *c);

/* Adds the entries of all sources to the book. */
enum outcome compilation_read_sources(struct compilation *c);

/* Returns OUTCOME_TRY_AGAIN if a source changed since it was opened: it may have been read half
 * written. Checks only regular files. */
enum outcome compilation_check_unchanged(const struct compilation *c);

#endif
