/* Reads a constant database in D. J. Bernstein's CDB format
 * (https://cr.yp.to/cdb/cdb.txt), from a memory image of the file or from the
 * file.
 *
 * Every offset in the image is checked against its length before it is
 * followed. So any bytes may be opened: the worst result is -1. The hash tables
 * must also be contiguous, as all writers of the format place them: then the
 * bytes after them show at once whether the file was truncated.
 *
 * All functions return 1 for yes, 0 for no, -1 for a broken image. */
#ifndef LOOKUP_CDBREAD_H
#define LOOKUP_CDBREAD_H

#include "data/bytes.h"

#include <endian.h>
#include <stdint.h>
#include <string.h>

enum {
    CDB_TABLES = 256, /* hash tables in every image */
    CDB_HEADER = CDB_TABLES * 8,
    CDB_PIECE = 512,            /* bytes of a read, unless more are needed */
    CDB_RECORD_MAX = 34 * 1024, /* longest record read from a file; no book has a longer one */
};

/* A file that is read in pieces on demand; the first piece comes with the
 * header. For a process that looks up one name and exits: mapping the file
 * would cost several times as much as a few calls of pread(2) (figures in
 * tests/bench/NOTES.md). */
struct cdb_file {
    int fd;
    uint32_t from; /* offset of the piece in memory */
    uint32_t len;
    const unsigned char *at;
    int error;            /* errno of the last read that failed; 0: none has */
    unsigned char *large; /* caller's buffer of CDB_RECORD_MAX bytes, for pieces above CDB_PIECE */
    unsigned char bytes[CDB_HEADER + CDB_PIECE]; /* the header, then a piece */
};

struct cdb_image {
    const unsigned char *at; /* NULL: read from file */
    struct cdb_file *file;
    uint32_t size;
    uint32_t records_end; /* records are at 2048..records_end */
    uint32_t tables_end;  /* bytes after the tables are not read */
};

/* State of a search. Set by cdbread_seek, advanced by cdbread_next. */
struct cdb_search {
    struct span key;
    uint32_t hash;
    uint32_t table; /* offset of the hash table */
    uint32_t slots;
    uint32_t slot; /* next slot to read */
    uint32_t left; /* slots not yet read */
};

/* A record and its offset in the image. If it was read from a file, it is valid
 * until the next call. */
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
    uint32_t offset; /* of the record; 0: the slot is empty */
};

/* Opens the size bytes at at, which must remain valid while image is used. */
int cdbread_open(struct cdb_image *image, const void *at, size_t size);

/* Opens the size bytes of the file fd, read through file, whose large the
 * caller has set. file, large and fd must remain valid while image is used. A
 * read error counts as a broken image. */
int cdbread_open_file(struct cdb_image *image, struct cdb_file *file, int fd, size_t size);

/* Starts a search for the records under key, in the order they were added. It passes at most all
 * records of one hash table; a million cost 12 ms, if all their keys were chosen for that. There is
 * no lower limit, because it would make some names of a sound book unknown: those of one hash, and
 * the offices of each, are many already. */
void cdbread_seek(const struct cdb_image *image, struct span key, struct cdb_search *search);
int cdbread_next(const struct cdb_image *image, struct cdb_search *search,
                 struct cdb_record *found);

/* Reads the next slot of a search, whatever its record. Returns 0 at the end of the search. */
int cdbread_next_slot(const struct cdb_image *image, struct cdb_search *search,
                      struct cdb_slot *slot);

/* Iterates over the records in the order they were added: gives the first if
 * record->key.at is NULL, else the one after record. */
int cdbread_walk(const struct cdb_image *image, struct cdb_record *record);

/* How many records there are, as the tables have it: two slots each, whoever made it. */
uint32_t cdbread_count(const struct cdb_image *image);

/* For checking a whole image in memory: hash table number table (0..255), and a
 * slot of a table; slot must be below its slots. */
struct cdb_table cdbread_table(const struct cdb_image *image, uint32_t table);

static inline uint32_t cdbread_number(const unsigned char *at) {
    uint32_t number;
    memcpy(&number, at, sizeof(number));
    /* The compiler must not read the number again after a check: a mapped file
     * may change. */
    __asm__("" : "+r"(number));
    return le32toh(number);
}

static inline struct cdb_slot cdbread_slot(const struct cdb_table *table, uint32_t slot) {
    const unsigned char *at = table->at + (size_t)slot * 8;
    return (struct cdb_slot){cdbread_number(at), cdbread_number(at + 4)};
}

/* For qsort(3): orders slots by hash, and those of one hash by offset. */
int cdbread_compare_slots(const void *a, const void *b);

/* True if the key begins with a control character, as that of no name does: see lookup-book(5). */
static inline bool cdbread_is_reserved(struct span key) {
    return key.len > 0 && (unsigned char)key.at[0] < ' ';
}

/* Reads the record at offset. */
int cdbread_at(const struct cdb_image *image, uint32_t offset, struct cdb_record *record);

uint32_t cdbread_hash(struct span key);

#endif
