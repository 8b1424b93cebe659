/* Sources of a book: where entries come from, whatever the format. */
#ifndef LOOKUP_SOURCE_H
#define LOOKUP_SOURCE_H

#include "data/bytes.h"

#include <stdbool.h>
#include <stdio.h>

struct entry {
    struct span name;
    struct span office;
    unsigned long line; /* where in the source, the first being 1 */
};

/* Who takes what a source holds, and what is wrong with it, as it is read.
 * All return 0, or -1 to be given no more. Text is the reader's, for the time
 * of the call. line 0: the source as a whole. */
struct source_events {
    int (*on_entry)(void *context, const struct entry *entry);
    int (*on_error)(void *context, unsigned long line, const char *what);
    /* Likewise of what leaves the rest of the source unreadable; always -1. */
    int (*on_fatal)(void *context, unsigned long line, const char *what);
    /* An entry without a name or an office, such as a directory's groups and
     * units: passed over unjudged, and no problem. */
    int (*on_skip)(void *context, unsigned long line);
    /* What is read all the same, but ought to be known. */
    int (*on_warning)(void *context, unsigned long line, const char *what);
    /* A line that means nothing to the reader, and is passed over. */
    int (*on_ignore)(void *context, unsigned long line);
    void *context;
};

/* What a source does not say of itself; NULL: what the format takes for it. */
struct source_options {
    const char *charset;     /* that its bytes are in, to a reader that decodes them */
    const char *name_column; /* of CSV, by its word in the header or its number */
    const char *office_column;
    bool no_header;               /* CSV has none */
    const char *office_attribute; /* of LDIF */
};

/* Reads a source to its end. After a problem that the caller lets pass, goes on
 * behind the entry that has it. 0; -1: the caller stopped it, or errno. */
typedef int source_reader(FILE *source, const struct source_options *how,
                          const struct source_events *to);

/* NAME = OFFICE lines, split at the first =, blanks around both dropped; blank
 * lines and lines that start with # are passed over; CRs at line ends are
 * dropped. In a name \=, \# and \\ are = , # and \. */
source_reader plain_read;

/* Comma-separated values, see csv_rows.h, a row an entry. The header says in
 * which columns name and office are, see csv_header.h; without one there are two. */
source_reader csv_read;

/* LDIF (RFC 2849). Each cn, displayName and uid is a name. The office is the
 * physicalDeliveryOfficeName, else the roomNumber; several are several entries.
 * A change record, and a name or an office in another file, are problems; no
 * file is opened. */
source_reader ldif_read;

/* vCards (RFC 6350, RFC 2426, vCard 2.1), each FN, else N, and NICKNAME a name.
 * The office is the X-OFFICE, else the ADR of work; several are several entries. */
source_reader vcard_read;

/* The first line of a source without the byte order mark some editors put there. */
struct span source_without_mark(struct span first);

enum { SOURCE_FAULT_MAX = 96 };

/* What is wrong with a name or an office that no book can hold, else NULL. The
 * text may be put in what, which has SOURCE_FAULT_MAX bytes. */
const char *source_name_fault(struct span name, char *what);
const char *source_office_fault(struct span office, char *what);

/* Hands entry to the caller, or what is wrong with it; one without an office is
 * passed over, whatever its name. Blanks around both parts are dropped, and byte
 * order marks before the name. A line break in a name becomes a blank; an office
 * of several lines becomes one, joined by ", ". As the caller returns. */
int source_give(const struct source_events *to, const struct entry *entry);

#endif
