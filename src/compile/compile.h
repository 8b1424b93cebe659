/* Compiling: sources in, a book replaced as a whole, or left as it was. */
#ifndef LOOKUP_COMPILE_H
#define LOOKUP_COMPILE_H

#include "formats/formats.h"

#include <stdbool.h>

/* What became of a compilation, or of what is to make a book otherwise; which exit status that
 * is, a main knows. */
enum outcome {
    OUTCOME_DONE,
    OUTCOME_MISUSED,     /* what was asked for makes no sense */
    OUTCOME_BAD_DATA,    /* a source has an error */
    OUTCOME_NO_INPUT,    /* a source cannot be opened */
    OUTCOME_NO_SYSTEM,   /* no memory and the like */
    OUTCOME_NOT_MADE,    /* the new book cannot be created, or put in place */
    OUTCOME_NOT_WRITTEN, /* a disk is full and the like */
    OUTCOME_TRY_AGAIN,   /* what was wrong goes away by itself */
    OUTCOME_DENIED,      /* somebody did not let us in */
    OUTCOME_MISCONFIGURED,
};

/* What compiling has to say while it is under way. */
struct compile_report {
    /* file NULL: of them all; line 0: of the file as a whole */
    void (*problem)(const char *file, unsigned long line, const char *what);
    /* Now and then, of "entries", then of "words"; 0: it is over. */
    void (*progress)(unsigned long count, const char *of);
};

struct compile_options {
    char *const *sources; /* "-" is standard input */
    unsigned count;       /* of them */
    const char *book;
    const struct format *format; /* of them all; NULL: as their names say */
    struct source_options how;
    bool strict;     /* one name with several offices is an error */
    bool force;      /* a source without entries may replace a book that has some */
    bool keep_going; /* after an error, to find the others */
    bool skip_bad;   /* leaves entries out that have an error */
    bool exact_only; /* makes no word index */
    struct compile_report report;
    /* Called once, when all is open: from then on files are made in that folder
     * alone, and none is opened elsewhere. */
    void (*confine)(const struct compile_options *options, int folder);
    bool verbose;
};

struct compile_summary {
    unsigned long entries;    /* in the new book */
    unsigned long names;      /* that they have; entries with one name count once */
    unsigned long duplicates; /* left out: the same name and office again */
    unsigned long skipped;    /* left out for an error */
    unsigned long passed;     /* left out for want of a name or an office */
    unsigned long ignored;    /* lines that meant nothing */
};

/* OUTCOME_DONE, or another one after the report has said why; then the book is what it was. */
enum outcome compile(const struct compile_options *options, struct compile_summary *summary);

#endif
