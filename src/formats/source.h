/* Sources of a book: files that entries are read from, in any format. */
#ifndef LOOKUP_SOURCE_H
#define LOOKUP_SOURCE_H

#include "data/bytes.h"

#include <stdbool.h>
#include <stdio.h>

struct entry {
    struct span name;
    struct span office;
    unsigned long line; /* line in the source, counted from 1 */
};

/* The callbacks of a reader. Each returns 0, or -1 to stop the reader. Text
 * passed to them is borrowed for the duration of the call. Line 0 means the
 * source as a whole. */
struct source_events {
    int (*on_entry)(void *context, const struct entry *entry);
    int (*on_error)(void *context, unsigned long line, const char *what);
    /* An error after which the rest of the source cannot be read. Returns -1. */
    int (*on_fatal)(void *context, unsigned long line, const char *what);
    /* An entry without a name or without an office, such as a group of a directory.
     * It is skipped without further checks, and is not an error. */
    int (*on_skip)(void *context, unsigned long line);
    /* Something that is read, but that the user should know about. */
    int (*on_warning)(void *context, unsigned long line, const char *what);
    /* A line that the reader does not understand and skips. */
    int (*on_ignore)(void *context, unsigned long line);
    void *context;
};

/* What the user says about a source. NULL means the format's default. */
struct source_options {
    const char *charset; /* of the bytes that the reader gets, if it decodes them; NULL: UTF-8 */
    const char *name_column; /* CSV: the column's word in the header, or its number */
    const char *office_column;
    bool no_header;               /* CSV: the first row is an entry */
    const char *office_attribute; /* LDIF: the attribute that holds the office */
};

/* Reads a source to its end. If on_error returns 0, reading continues after the
 * faulty entry. Returns 0; -1 if a callback stopped it; or -1 with errno. After a
 * read error it may return either; the caller asks ferror(3). */
typedef int source_reader(FILE *source, const struct source_options *how,
                          const struct source_events *to);

/* NAME = OFFICE lines, split at the first "=" that is not escaped. Blanks around
 * both parts and CRs at line ends are dropped. Blank lines and lines that start
 * with "#" are skipped. In a name \=, \# and \\ stand for =, # and \. A line that
 * is longer than UNFOLD_MAX (unfold.h) is an error. */
source_reader plain_read;

/* Comma-separated values (csv_rows.h), one entry a row. The header names the
 * columns of name and office (csv_header.h); without one, they are the first two. */
source_reader csv_read;

/* LDIF (RFC 2849). Each cn, displayName and uid is a name. The office is the
 * office_attribute; if that is NULL, the physicalDeliveryOfficeName, or else the
 * roomNumber. Each further value makes a further entry. A change record is an
 * error, unless it adds an entry. So is a name or an office that refers to another
 * file: no file is opened. */
source_reader ldif_read;

/* vCards (RFC 6350, RFC 2426, vCard 2.1). Each FN, or else N, and each NICKNAME
 * is a name. The office is the X-OFFICE, or else the ADR of type work, or else an
 * ADR that does not say of which place it is; each further value makes a further
 * entry. */
source_reader vcard_read;

/* Returns the first line of a source without its byte order mark. */
struct span source_without_mark(struct span first);

enum { SOURCE_FAULT_MAX = 96 };

/* The end of a message about text that may be in another charset. */
#define SOURCE_NOT_UTF8 " is not UTF-8 text"

/* Returns why a book cannot hold the name or office, once it is cleaned as by
 * source_give, or NULL if it can. An office that is empty has no fault. The message
 * is a constant, or is written to what, which has SOURCE_FAULT_MAX bytes. */
const char *source_name_fault(struct span name, char *what);
const char *source_office_fault(struct span office, char *what);

/* Cleans entry and calls on_entry with it, or on_error with what is wrong.
 * Without an office it calls on_skip, whatever the name. Drops blanks around
 * both parts and byte order marks before the name. In a name, a line break
 * becomes a space. The lines of an office are joined by ", ", or by a space after
 * a comma or semicolon. Returns what the callback returns. */
int source_give(const struct source_events *to, const struct entry *entry);

#endif
