/* Writes a constant database, D. J. Bernstein's CDB format
 * (https://cr.yp.to/cdb/cdb.txt), in one pass: records as they come, then the hash
 * tables, in time that is linear whatever the keys. Before the tables are written,
 * what is there can be read. */
#ifndef LOOKUP_CDB_WRITER_H
#define LOOKUP_CDB_WRITER_H

#include "data/cdbread.h"

struct slot_block;

struct cdb_writer {
    int fd;
    uint32_t end;      /* bytes so far, the header's among them */
    uint32_t sent_off; /* bytes that the disk was given while more are written */
    uint32_t records;
    size_t used;  /* bytes in buffer */
    char *buffer; /* what is not written yet */
    struct {
        struct slot_block *first, *last;
        uint32_t count;
    } tables[CDB_TABLES];
};

/* Starts in the empty file fd, which must be readable too. All return 0, or -1 and
 * errno: ENOSPC and its like, or EOVERFLOW for what would be over 4 GiB. The writer is
 * to be closed in any case; the file stays open. */
int cdb_writer_start(struct cdb_writer *writer, int fd);
void cdb_writer_close(struct cdb_writer *writer);

/* Adds a record. */
int cdb_writer_put(struct cdb_writer *writer, struct span key, struct span value);

/* Writes what is still in memory, so that all records can be read from the file. */
int cdb_writer_flush(struct cdb_writer *writer);

/* Sets slots, which has room for the table's count, to the records of that table in
 * the order they came. */
void cdb_writer_slots(const struct cdb_writer *writer, uint32_t table, struct cdb_slot *slots);

/* The largest count of a table. */
uint32_t cdb_writer_most(const struct cdb_writer *writer);

/* Writes the tables, then the header, and trailer behind all. */
int cdb_writer_finish(struct cdb_writer *writer, struct span trailer);

#endif
