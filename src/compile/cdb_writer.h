/* Writes a constant database in D. J. Bernstein's CDB format (https://cr.yp.to/cdb/cdb.txt): first
 * the records, in the order they are added, then the hash tables. Takes linear time, whatever the
 * keys are. The records can be read before the tables are written.
 *
 * In a table, the slots of keys that begin with a control character are placed first. So a search
 * for such a key can stop at the slot of a name: the key is not behind it, however the names were
 * chosen. And it costs at most LIST_SEARCH_MAX, or the file is not made.
 *
 * A search passes a whole run of such slots, if its own key is not there. In most books the longest
 * run has a hundred slots or two. Numbers have hashes that have much in common; in a table of an
 * unlucky size, those of some million people made runs of 2,600 slots, or of a third of that cost.
 * Only keys that are chosen for it cost more. */
#ifndef LOOKUP_CDB_WRITER_H
#define LOOKUP_CDB_WRITER_H

#include "data/list_record.h"

struct slot_block;

struct slot_chain {
    struct slot_block *first, *last;
    uint32_t count;
};

struct cdb_writer {
    int fd;
    uint32_t end;      /* bytes of the file so far, with the header and with the buffer */
    uint32_t written;  /* bytes of the file without the buffer */
    uint32_t sent_off; /* end, when the kernel was last told to write to the disk */
    uint32_t records;
    uint32_t names_end; /* the end of the last record of a name */
    uint32_t refused;   /* after E2BIG: the hash of a key that many others collide with */
    size_t used;        /* bytes in buffer */
    char *buffer;       /* bytes not yet written */
    struct slot_chain names[CDB_TABLES];
    struct slot_chain others[CDB_TABLES]; /* of keys that begin with a control character */
};

/* All functions that return int return 0, or -1 with errno, such as ENOMEM or ENOSPC, or EOVERFLOW
 * if the file would exceed 4 GiB, or E2BIG if a search would cost more than LIST_SEARCH_MAX. */

/* Starts writing to the empty file fd. Call cdb_writer_close in any case; fd stays open. */
int cdb_writer_start(struct cdb_writer *writer, int fd);
void cdb_writer_close(struct cdb_writer *writer);

/* Adds a record. */
int cdb_writer_put(struct cdb_writer *writer, struct span key, struct span value);

/* Writes the buffer, so that all records can be read from the file. */
int cdb_writer_flush(struct cdb_writer *writer);

/* Returns the number of records in hash table number table, which is below CDB_TABLES. */
uint32_t cdb_writer_count(const struct cdb_writer *writer, uint32_t table);

/* Copies one slot for each record of a table to slots, in the order in which they are placed; those
 * of one key are in the order in which they were added. slots has room for cdb_writer_count. */
void cdb_writer_slots(const struct cdb_writer *writer, uint32_t table, struct cdb_slot *slots);

/* Returns the count of the largest table. */
uint32_t cdb_writer_most(const struct cdb_writer *writer);

/* Writes the tables, trailer after them, and the header. No record can be added afterwards. */
int cdb_writer_finish(struct cdb_writer *writer, struct span trailer);

#endif
