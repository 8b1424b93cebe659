/* The address book: a file that maps folded names to offices.
 *
 * It is a CDB file. The key of a record is a name as fold_name gives it, its
 * value the office; a name with several offices has several records. Keys that
 * start with a control character, which no request can hold, are for what else
 * is known of the names:
 *
 *   BOOK_VERSION        the first record of all; a CDB file without it is taken
 *                       for names and offices alone
 *   BOOK_BLOCK          how sources spell names (data/entries.h)
 *   BOOK_LIST, BOOK_LIST_MORE, BOOK_LISTS   who has a word in his name (data/postings.h)
 *
 * Behind the tables stands BOOK_TRAILER: programs from before there were versions
 * take such a book for a broken one, instead of misunderstanding it. */
#ifndef LOOKUP_BOOK_H
#define LOOKUP_BOOK_H

#include "data/bytes.h"
#include "data/cdbread.h"

#include <stdbool.h>
#include <time.h>

enum {
    BOOK_NAME_MAX = 1024,     /* bytes of a name, as the source has it */
    BOOK_OFFICE_MAX = 1024,   /* bytes of one office */
    BOOK_OFFICES_MAX = 16384, /* bytes of all the offices under one name, 2 more each */
    BOOK_LINES_MAX = 20,      /* matches of a word that are answered; then: and N more */
    BOOK_WORD_MAX = 3072,     /* bytes of a folded request */
};

#define BOOK_VERSION SPAN("\004lookup-book")
#define BOOK_VERSION_NOW SPAN("2")
#define BOOK_TRAILER SPAN("lookup-2")

#define BOOK_BLOCK SPAN("\001")
#define BOOK_LIST SPAN("\002")
#define BOOK_LIST_MORE SPAN("\003")
#define BOOK_LISTS SPAN("\005")

struct book {
    struct cdb_image image;
    void *mapping; /* the memory the image is in, if it is in memory */
    int fd;        /* by which book_is_intact looks at the file; -1: nobody may change it */
    struct timespec modified; /* the file, before its first byte was read */
    bool has_version;         /* else it has names and offices alone */
};

/* Opens the file at path and checks its frame. On -1 errno says why; EBADMSG:
 * the file is there but is no book; ENOTSUP: it is one of another version. The file
 * should only ever be replaced by rename(2); of one that is written in place, see
 * book_is_intact. */
int book_open(struct book *book, const char *path);

/* Likewise of a file that is open already, and need not stay so. */
int book_map(struct book *book, int fd);

/* Likewise, to be read by pieces, by way of file (cdbread.h), and never closed. */
int book_open_pieces(struct book *book, struct cdb_file *file, const char *path);

void book_close(struct book *book);

/* False: the file was changed in place since it was opened, and what was found in the
 * book since then must not be used. To be asked after a search and before its answer is.
 * (Where a file is cut, memory it is mapped to is gone: see sigbus.h.) */
bool book_is_intact(const struct book *book);

/* Why a book could not be opened, by errno, for people. */
const char *book_fault(int error);

/* Lets go of the pages that were read until they are read again. For who goes
 * through a whole book: a page that is mapped counts as memory of the program. */
void book_forget(const struct book *book);

/* cdbread_walk that does so now and then. */
int book_walk(const struct book *book, struct cdb_record *record);

/* Appends the offices under the folded name key, parted by separator. 1 found,
 * 0 no such name, -1 the book is broken (or its offices exceed the limits
 * above, which no book of ours does). */
int book_find(const struct book *book, struct span key, struct span separator, struct text *out);

#endif
