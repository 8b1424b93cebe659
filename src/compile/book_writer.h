/* Writes a book: entries in, a CDB file out. */
#ifndef LOOKUP_BOOK_WRITER_H
#define LOOKUP_BOOK_WRITER_H

#include "compile/cdb_writer.h"
#include "compile/index.h"
#include "data/entries.h"
#include "formats/source.h"

enum { BLOCK_ROOM = ENTRIES_BLOCK * (BOOK_NAME_MAX + 3) + 4 };

struct book_writer {
    struct cdb_writer cdb;
    struct index index;
    struct book book;   /* after book_writer_review: what is there so far, to be read */
    bool is_plain;      /* has no index, and no spellings of names in ASCII */
    bool has_spellings; /* the block at hand has one that is not the fold */
    uint32_t entries;
    size_t block_len; /* bytes of the record of the block at hand */
    char block[BLOCK_ROOM];
};

/* Starts a book in a new file. All return 0, or -1 and errno: ENOSPC and its like, or EOVERFLOW
 * for a book over 4 GiB. The writer is to be closed in any case. */
int book_writer_start(struct book_writer *writer, const struct atomic_file *file, bool is_plain);
void book_writer_close(struct book_writer *writer);

int book_writer_add(struct book_writer *writer, const struct entry *entry);

/* Makes all entries be read: no more can be added. */
int book_writer_review(struct book_writer *writer);

/* Ends the book. Now and then progress hears how many words are indexed. */
int book_writer_finish(struct book_writer *writer,
                       void (*progress)(unsigned long count, const char *of));

#endif
