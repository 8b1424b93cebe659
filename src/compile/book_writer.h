/* Writes a book (data/book.h) from entries. */
#ifndef LOOKUP_BOOK_WRITER_H
#define LOOKUP_BOOK_WRITER_H

#include "compile/cdb_writer.h"
#include "compile/index.h"
#include "data/entries.h"
#include "formats/source.h"

/* Bytes of the value of a BOOK_BLOCK record, at most: an offset, and for each entry a varint and a
 * name. */
enum { BLOCK_ROOM = ENTRIES_BLOCK * (BOOK_NAME_MAX + 3) + 4 };

struct book_writer {
    struct cdb_writer cdb;
    struct index index;
    struct book book;       /* set by book_writer_review: the records so far, for reading */
    bool is_plain;          /* write no index, and no spellings of names in ASCII */
    bool has_spellings;     /* a name of the current block is not spelled like its fold */
    uint32_t entries;       /* number of entries so far */
    size_t block_len;       /* bytes in block */
    char block[BLOCK_ROOM]; /* value of the current BOOK_BLOCK record */
};

/* All functions that return int return 0, or -1 with errno, such as ENOMEM or ENOSPC, or EOVERFLOW
 * if the book would exceed 4 GiB. */

/* Starts a book in the new, empty file. is_plain: see above. Call book_writer_close in any case.
 * file must stay valid until then. */
int book_writer_start(struct book_writer *writer, const struct atomic_file *file, bool is_plain);
void book_writer_close(struct book_writer *writer);

/* Adds an entry, whose name and office source_give has checked. */
int book_writer_add(struct book_writer *writer, const struct entry *entry);

/* Writes and maps the records, so that all entries can be read from writer->book. No entry can be
 * added afterwards. */
int book_writer_review(struct book_writer *writer);

/* Writes the number of entries, the index and the hash tables; call book_writer_review first. Calls
 * progress now and then with the number of lists in the index so far (compile_report). */
int book_writer_finish(struct book_writer *writer,
                       void (*progress)(unsigned long count, const char *of));

#endif
