/* Compiling: sources in, a book replaced as a whole, or left as it was. */
#ifndef LOOKUP_COMPILE_H
#define LOOKUP_COMPILE_H

#include "formats/formats.h"

#include <stdbool.h>

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

/* 0, or the exit status (sysexits) after the report has said why; then the
 * book is what it was. */
int compile(const struct compile_options *options, struct compile_summary *summary);

#endif
