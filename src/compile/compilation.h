/* A compilation under way, for the files that do a part of it each. */
#ifndef LOOKUP_COMPILATION_H
#define LOOKUP_COMPILATION_H

#include "compile/atomic_file.h"
#include "compile/book_writer.h"
#include "compile/compile.h"
#include "compile/duplicates.h"
#include "compile/line_map.h"
#include "formats/charset.h"

#include <sys/stat.h>

enum { PROGRESS_EVERY = 65536 }; /* entries, or words */

struct source_file {
    int fd; /* -1: it could not be opened */
    struct stat opened;
};

enum {
    KINDS_MAX = 64,  /* of messages of sources; of more, all are shown */
    KIND_SHOWN = 20, /* of a kind; more are counted */
};

struct message_kind {
    uint32_t hash;
    unsigned long times;
    char first[120]; /* of them, without the place */
};

struct message_kinds {
    struct message_kind at[KINDS_MAX];
    size_t count;
};

struct compilation {
    const struct compile_options *options;
    struct compile_summary *summary;
    struct atomic_file new; /* the book that is being made */
    struct book_writer writer;
    struct lines lines;
    struct message_kinds *kinds; /* said so far */
    struct source_file *sources;
    struct charsets charsets;
    bool had_names; /* the book that there was has some */
    struct duplicates duplicates;
    enum outcome outcome; /* that of the first error, when it goes on after one */
};

/* Each tells what is wrong, and returns outcome. */
enum outcome say(const struct compilation *c, const char *file, unsigned long line,
                 const char *what, enum outcome outcome);
enum outcome say_place(const struct compilation *c, struct place place, const char *what,
                       enum outcome outcome);

/* How many more there were of those kinds that are too many to be shown. */
void say_rest(const struct compilation *c);

/* errno says what; on the book's side. */
enum outcome say_book(const struct compilation *c, enum outcome outcome);

/* A source as messages name it. */
const char *source_name(const struct compilation *c, unsigned source);

/* The parts. OUTCOME_DONE, or the one with which it must end at once. */

/* Opens the sources, in their order, and the new book, and refuses to replace one
 * of them, or what is no book. Then nothing else has to be opened by its name. */
enum outcome open_files(struct compilation *c);
void close_sources(struct compilation *c);

/* Fills the book with all that the sources have. */
enum outcome read_sources(struct compilation *c);

/* Refuses a source that has changed since, so may have been read half written. */
enum outcome check_unchanged(const struct compilation *c);

#endif
