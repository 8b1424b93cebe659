/* Sources of a book: where entries come from, whatever the format. */
#ifndef LOOKUP_SOURCE_H
#define LOOKUP_SOURCE_H

#include "data/bytes.h"

#include <stdio.h>

struct entry {
    struct span name;
    struct span office;
    unsigned long line; /* where in the source, the first being 1 */
};

/* Takes the entries of a source one after the other. 0, or -1 to stop. */
typedef int entry_taker(void *context, const struct entry *entry);

/* What is wrong with a source, and where. Text is static or the taker's. */
struct complaint {
    unsigned long line; /* 0: the source as a whole */
    const char *what;
};

/* Reads NAME = OFFICE lines: split at the first =, blanks around both dropped;
 * blank lines and lines that start with # are passed over; a byte order mark
 * and CRs at line ends are dropped. 0; -1: *complaint says why, or take
 * stopped it (then complaint->what is NULL). */
int plain_read(FILE *source, entry_taker *take, void *context, struct complaint *complaint);

/* What is wrong with an entry that no book can hold, or NULL. */
const char *entry_fault(const struct entry *entry);

#endif
