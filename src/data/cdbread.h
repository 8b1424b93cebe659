/* Reads a constant database, D. J. Bernstein's CDB format
 * (https://cr.yp.to/cdb/cdb.txt), out of a memory image of the whole file, or
 * out of the file itself.
 *
 * Every offset in the image is checked against its length before it is
 * followed, so any bytes at all may be opened: the worst is -1. Also checked
 * is that the hash tables lie one after the other, as all makers of the format
 * put them; so by what is behind them a file that was cut is told at once.
 *
 * All functions here return 1 for yes, 0 for no, -1 for a broken image. */
#ifndef LOOKUP_CDBREAD_H
#define LOOKUP_CDBREAD_H

#include "data/bytes.h"

#include <endian.h>
#include <stdint.h>
#include <string.h>

enum {
    CDB_TABLES = 256, /* hash tables in every image */
    CDB_HEADER = CDB_TABLES * 8,
    CDB_PIECE = 512,            /* bytes read at a time, if no more are needed */
    CDB_RECORD_MAX = 34 * 1024, /* a longer record is not read from a file: no book has one */
};

/* A file that is read by pieces, each when it is needed, the first with the
 * header: for who looks up one name and ends. A mapping of his own would cost
 * him several times what the few calls of pread(2) do; tests/bench/README.md
 * has the figures. */
struct cdb_file {
    int fd;
    uint32_t from; /* the piece that is there */
    uint32_t len;
    const unsigned char *at;
    int error;            /* errno of the last read that failed; 0: none has */
    unsigned char *large; /* the caller's CDB_RECORD_MAX bytes, for more than CDB_PIECE */
    unsigned char bytes[CDB_HEADER + CDB_PIECE]; /* the header; behind it, room for a piece */
};

struct cdb_image {
    const unsigned char *at; /* NULL: it is in file */
    struct cdb_file *file;
    uint32_t size;
    uint32_t records_end; /* the records are in 2048..records_end */
    uint32_t tables_end;  /* what is behind the tables is not looked at */
};

/* A search under way. Set by cdbread_seek, moved by cdbread_next. */
struct cdb_search {
    struct span key;
    uint32_t hash;
    uint32_t table; /* offset of the hash table */
    uint32_t slots;
    uint32_t slot; /* the next one to look at */
    uint32_t left; /* slots not yet looked at */
};

/* One record, and where it stands in the image. Out of a file, it is there until
 * the next call. */
struct cdb_record {
    struct span key;
    struct span value;
    uint32_t offset;
};

/* One of the hash tables. */
struct cdb_table {
    const unsigned char *at;
    uint32_t slots;
};

struct cdb_slot {
    uint32_t hash;   /* of the record's key */
    uint32_t offset; /* of the record; 0: the slot is not used */
};

/* Takes size bytes at at, which must stay as long as image is used. */
int cdbread_open(struct cdb_image *image, const void *at, size_t size);

/* Reads size bytes of fd, by way of file, of which large is set; all of them must stay
 * as long as image is used. What cannot be read is broken. */
int cdbread_open_file(struct cdb_image *image, struct cdb_file *file, int fd, size_t size);

/* Starts a search for the records under key, in the order they were added. */
void cdbread_seek(const struct cdb_image *image, struct span key, struct cdb_search *search);
int cdbread_next(const struct cdb_image *image, struct cdb_search *search,
                 struct cdb_record *found);

/* All records in the order they were added: the first if record->key.at is
 * NULL, else the one after record. */
int cdbread_walk(const struct cdb_image *image, struct cdb_record *record);

/* How many records there are, as the tables have it: two slots each, whoever made it. */
uint32_t cdbread_count(const struct cdb_image *image);

/* For going through all of an image in memory: hash table number table (0..255), and slot
 * number slot of one, which must be below its slots. */
struct cdb_table cdbread_table(const struct cdb_image *image, uint32_t table);

static inline uint32_t cdbread_number(const unsigned char *at) {
    uint32_t number;
    memcpy(&number, at, sizeof(number));
    /* What is checked is what is used: it is not read again, in a file that is written. */
    __asm__("" : "+r"(number));
    return le32toh(number);
}

static inline struct cdb_slot cdbread_slot(const struct cdb_table *table, uint32_t slot) {
    const unsigned char *at = table->at + (size_t)slot * 8;
    return (struct cdb_slot){cdbread_number(at), cdbread_number(at + 4)};
}

/* The record at offset. */
int cdbread_at(const struct cdb_image *image, uint32_t offset, struct cdb_record *record);

uint32_t cdbread_hash(struct span key);

#endif
