/* Compiles sources into a book. The book is replaced as a whole, or stays unchanged. */
#ifndef LOOKUP_COMPILE_H
#define LOOKUP_COMPILE_H

#include "formats/formats.h"

#include <stdbool.h>

/* The result of a compilation, or of another program that makes a book. cli_status turns it into an
 * exit status. */
enum outcome {
    OUTCOME_DONE,
    OUTCOME_MISUSED,       /* the arguments make no sense together */
    OUTCOME_BAD_DATA,      /* a source contains an error */
    OUTCOME_NO_INPUT,      /* a source cannot be opened */
    OUTCOME_NO_SYSTEM,     /* the system failed, such as for lack of memory */
    OUTCOME_NOT_MADE,      /* the new book cannot be created, or cannot replace the old one */
    OUTCOME_NOT_WRITTEN,   /* a write failed, such as on a full disk */
    OUTCOME_TRY_AGAIN,     /* a temporary failure */
    OUTCOME_DENIED,        /* another machine denied access */
    OUTCOME_MISCONFIGURED, /* a configuration file contains an error */
};

/* Callbacks for messages during a compilation. */
struct compile_report {
    /* Reports an error or a warning. file is NULL if it concerns all sources; line is 0 if it
     * concerns the file as a whole. */
    void (*problem)(const char *file, unsigned long line, const char *what);
    /* Reports every 65536 or so how many "entries" were read, and later how many lists of "words"
     * were written. count 0: there is no more to report. */
    void (*progress)(unsigned long count, const char *of);
};

struct compile_options {
    char *const *sources; /* paths; "-" is standard input */
    unsigned count;       /* number of sources */
    const char *book;
    const struct format *format; /* of all sources; NULL: chosen by each file name (format_of) */
    struct source_options how;
    bool strict;     /* a name with several offices is an error */
    bool force;      /* a source without entries may replace a book that has some */
    bool keep_going; /* after an error, continues to find further ones */
    bool skip_bad;   /* leaves out entries that have an error */
    bool exact_only; /* writes no word index */
    struct compile_report report;
    /* Called once, after all files are opened and before a source is read. From then on, compile
     * creates files only in the directory folder, and opens none elsewhere. */
    void (*confine)(const struct compile_options *options, int folder);
    const char *without_index; /* what a user gives for exact_only, for messages */
    bool verbose;              /* for the caller: compile does not use it */
};

struct compile_summary {
    unsigned long entries;    /* number of entries in the new book */
    unsigned long names;      /* number of different names */
    unsigned long duplicates; /* entries left out: same name and same office as an earlier one */
    unsigned long skipped;    /* entries left out because of an error */
    unsigned long passed;     /* entries left out because they lack a name or an office */
    unsigned long ignored;    /* lines that no reader understood */
};

/* Makes the book and sets *summary. Returns OUTCOME_DONE, or another outcome after reporting the
 * reason. The old book is then unchanged, with one exception: if only the last fsync(2), that of
 * the folder, failed, the new book is in place. */
enum outcome compile(const struct compile_options *options, struct compile_summary *summary);

#endif
