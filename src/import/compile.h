/* Compiling: sources in, a book replaced as a whole, or left as it was. */
#ifndef LOOKUP_COMPILE_H
#define LOOKUP_COMPILE_H

#include "import/source.h"

#include <stdbool.h>

/* What compiling has to say while it is under way. */
struct compile_report {
    void (*problem)(const char *source, unsigned long line, const char *what);
    void (*progress)(unsigned long entries); /* now and then; 0: it is over */
};

struct compile_order {
    const char *source; /* "-" is standard input */
    const char *book;
    bool strict; /* one name with several offices is an error */
    bool force;  /* a source without entries may replace a book that has some */
    struct compile_report report;
};

struct compile_summary {
    unsigned long entries;    /* in the new book */
    unsigned long duplicates; /* left out: the same name and office again */
    unsigned long shared;     /* names that have another office as well */
};

/* 0, or the exit status (sysexits) after the report has said why; then the
 * book is what it was. */
int compile(const struct compile_order *order, struct compile_summary *summary);

#endif
