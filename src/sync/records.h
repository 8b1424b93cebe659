/* The records of a state file: each with a checksum over itself and its place,
 * so that one that is torn or in the wrong place is not valid. After MAGIC they follow one another.
 */
#ifndef LOOKUP_SYNC_RECORDS_H
#define LOOKUP_SYNC_RECORDS_H

#include "data/bytes.h"

#include <stdint.h>

#define RECORDS_MAGIC SPAN("lookup-sync 1\n\0\0")

enum record_type {
    RECORD_PUT = 0x20545550,    /* an identity and a profile */
    RECORD_DEL = 0x204C4544,    /* an identity */
    RECORD_COMMIT = 0x54494D43, /* struct commit and a cookie: what came before counts */
    RECORD_MADE = 0x4544414D,   /* struct book_mark: the book has all of that */
};

struct record {
    uint32_t type;
    struct span payload;
    size_t end; /* offset behind it */
};

/* The record of file at offset. 1; 0 the file ends there; -1 there is no whole one. */
int records_read(struct span file, size_t offset, struct record *record);

/* Records to be written, in memory. All zero: none. */
struct record_buffer {
    char *at;
    size_t len;
    size_t cap;
};

/* Appends one, whose payload has two parts, to what will stand at the offset
 * base of the file. 0; -1 errno. */
int records_add(struct record_buffer *to, size_t base, uint32_t type, struct span first,
                struct span second);
void records_free(struct record_buffer *buffer);

#endif
