/* Writes a book: entries in, a CDB file out, by tinycdb. */
#ifndef LOOKUP_BOOK_WRITER_H
#define LOOKUP_BOOK_WRITER_H

#include "data/book.h"
#include "formats/source.h"

#include <cdb.h>

struct book_writer {
    struct cdb_make cdb;
    struct book book;  /* after book_writer_finish: the one just made */
    unsigned sent_off; /* bytes that the disk was given while more are written */
    bool plain;        /* keeps a spelling only where one name has several keys */
};

/* Starts a book in the empty file fd, which must be readable too. All return
 * 0, or -1 and errno: ENOSPC and its like, or EOVERFLOW for a book over 4 GiB. */
int book_writer_start(struct book_writer *writer, int fd, bool plain);
int book_writer_add(struct book_writer *writer, const struct entry *entry);

/* Adds one record. */
int book_writer_put(struct book_writer *writer, struct span key, struct span value);

/* Ends the book and opens it. */
int book_writer_finish(struct book_writer *writer);

/* Closes it. tinycdb cannot give back the memory of a book that was not finished;
 * the program ends then. */
void book_writer_close(struct book_writer *writer);

#endif
