/* Writes a book: entries in, a CDB file out, by tinycdb. */
#ifndef LOOKUP_BOOK_WRITER_H
#define LOOKUP_BOOK_WRITER_H

#include "data/book.h"
#include "formats/source.h"

#include <cdb.h>

struct maker {
    struct cdb_make cdb;
    struct book book;  /* after maker_finish: the one just made */
    unsigned sent_off; /* bytes that the disk was given while more are written */
    bool plain;        /* keeps a spelling only where one name has several keys */
};

/* Starts a book in the empty file fd, which must be readable too. All return
 * 0, or -1 and errno: ENOSPC and its like, or EOVERFLOW for a book over 4 GiB. */
int maker_start(struct maker *maker, int fd, bool plain);
int maker_add(struct maker *maker, const struct entry *entry);

/* Adds one record. */
int maker_put(struct maker *maker, struct span key, struct span value);

/* Ends the book and opens it. */
int maker_finish(struct maker *maker);

/* Closes it. tinycdb cannot give back the memory of a book that was not finished;
 * the program ends then. */
void maker_close(struct maker *maker);

#endif
