/* The format of a state file: RECORDS_MAGIC, then records. The checksum of a record covers its
 * bytes and its offset, so a record that is incomplete or at the wrong offset is invalid. Numbers
 * are in the byte order of the machine. */
#ifndef LOOKUP_SYNC_RECORDS_H
#define LOOKUP_SYNC_RECORDS_H

#include "data/bytes.h"

#include <stdint.h>

#define RECORDS_MAGIC SPAN("lookup-sync 1\n\0\0")

enum record_type {
    RECORD_PUT = 0x20545550,    /* an identity and a profile */
    RECORD_DEL = 0x204C4544,    /* an identity */
    RECORD_COMMIT = 0x54494D43, /* struct commit and a cookie: the records before it are valid */
    RECORD_MADE = 0x4544414D,   /* struct book_mark: the book was made from the last commit */
};

struct record {
    uint32_t type;
    struct span payload;
    size_t end; /* offset of the next record */
};

/* Reads the record at offset; its payload points into file. Returns 1, 0 if the file ends at
 * offset, or -1 if there is no valid record. */
int records_read(struct span file, size_t offset, struct record *record);

/* Records in memory, to be written later. All zero: no records. */
struct record_buffer {
    char *at;
    size_t len;
    size_t cap;
};

/* Appends a record whose payload is first and then second. base is the offset in the file at which
 * the buffer will be written. The payload must be shorter than 4 GiB. Returns 0, or -1 with
 * errno. */
int records_add(struct record_buffer *to, size_t base, uint32_t type, struct span first,
                struct span second);
void records_free(struct record_buffer *buffer);

#endif
