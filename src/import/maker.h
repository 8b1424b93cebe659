/* Writes a book: entries in, a CDB file out, by tinycdb. */
#ifndef LOOKUP_MAKER_H
#define LOOKUP_MAKER_H

#include "data/book.h"
#include "import/source.h"

#include <cdb.h>

struct maker {
    struct cdb_make cdb;
    struct cdb_image image; /* after maker_finish: the book just made */
    void *mapping;          /* the memory the image is in */
};

/* Starts a book in the empty file fd, which must be readable too. All return
 * 0, or -1 and errno: ENOSPC and its like, or EOVERFLOW for a book over 4 GiB. */
int maker_start(struct maker *maker, int fd);
int maker_add(struct maker *maker, const struct entry *entry);

/* Ends the book and maps it as image. */
int maker_finish(struct maker *maker);

/* Unmaps. tinycdb cannot give back the memory of a book that was not finished;
 * the program ends then. */
void maker_close(struct maker *maker);

#endif
