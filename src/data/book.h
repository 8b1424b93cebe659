/* The address book: a CDB file that maps folded names to offices.
 *
 * The key of a record is a name folded by fold_name, its value the office. A
 * name with several offices has several records. Keys that start with a control
 * character, which no request can contain, hold the rest:
 *
 *   BOOK_VERSION  the first record; a CDB file without it has names and offices only
 *   BOOK_BLOCK    how the sources spell the names (data/entries.h)
 *   BOOK_ENTRIES  how many entries there are (data/entries.h)
 *   BOOK_LIST, BOOK_LIST_MORE, BOOK_LISTS
 *                 which entries have a word in the name (data/postings.h)
 *
 * BOOK_TRAILER follows the tables: programs from before versions existed then
 * report the book as broken instead of misreading it. */
#ifndef LOOKUP_BOOK_H
#define LOOKUP_BOOK_H

#include "data/bytes.h"
#include "data/cdbread.h"

#include <stdbool.h>
#include <time.h>

enum {
    BOOK_NAME_MAX = 1024,     /* bytes of a name as the source spells it */
    BOOK_OFFICE_MAX = 1024,   /* bytes of one office */
    BOOK_OFFICES_MAX = 16384, /* bytes of all offices of one name, plus 2 for each */
    BOOK_LINES_MAX = 20,      /* matches in an answer; then: and N more */
    BOOK_WORD_MAX = 3072,     /* bytes of a folded request */
};

#define BOOK_VERSION SPAN("\004lookup-book")
#define BOOK_VERSION_NOW SPAN("2")
#define BOOK_TRAILER SPAN("lookup-2")

#define BOOK_BLOCK SPAN("\001")
#define BOOK_LIST SPAN("\002")
#define BOOK_LIST_MORE SPAN("\003")
#define BOOK_LISTS SPAN("\005")
#define BOOK_ENTRIES SPAN("\006")

struct book {
    struct cdb_image image;
    void *mapping;            /* memory of the image, if it is mapped */
    int fd;                   /* for book_is_intact; -1: nobody can change the file */
    struct timespec modified; /* mtime of the file before its first byte was read */
    bool has_version;         /* false: the book has names and offices only */
};

/* Opens and maps the file at path and checks its structure. Returns 0, or -1
 * with errno: EBADMSG if the file is not a book, ENOTSUP if it is of another
 * version. The file should only be replaced by rename(2); if it is changed in
 * place, see book_is_intact. */
int book_open(struct book *book, const char *path);

/* Likewise for an open file. The caller may close fd afterwards. */
int book_map(struct book *book, int fd);

/* Likewise, but reads the file in pieces through file (cdbread.h). Cannot be
 * closed. */
int book_open_pieces(struct book *book, struct cdb_file *file, const char *path);

void book_close(struct book *book);

/* Returns false if the file was changed in place since it was opened. Then
 * everything found since must be discarded. Call it after each search, before
 * using the result. (If the file is truncated, access to the mapping fails: see
 * sigbus.h.) */
bool book_is_intact(const struct book *book);

/* Returns true if a mapped book ends as it should: opening it checks only the size. */
bool book_has_end(const struct book *book);

/* Returns a message for the errno of a failed open. */
const char *book_fault(int error);

/* Unmaps the pages read so far; they are mapped again on access. For walking
 * through a whole book, because mapped pages count as memory of the process. */
void book_forget(const struct book *book);

/* cdbread_walk that calls book_forget now and then. */
int book_walk(const struct book *book, struct cdb_record *record);

/* Appends the offices of the folded name key, separated by separator. Returns 1
 * found, 0 no such name, -1 the book is broken (or its offices exceed the
 * limits above; no book of ours has such a name, and check refuses any other that has). */
int book_find(const struct book *book, struct span key, struct span separator, struct text *out);

#endif
