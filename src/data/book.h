/* The address book: a file that maps folded names to offices.
 *
 * It is a CDB file. The key of a record is a name as fold_name gives it, its
 * value the office; a name with several offices has several records. A name
 * that has a composed and a decomposed form (NFC, NFD) has its offices under
 * both. Keys that start with a control character, which no request can hold,
 * are for what else is known of the names. */
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

/* The record that comes just before an entry whose name is not its own fold:
 * this byte and the folded name -> the name as the source spells it. */
#define BOOK_SPELLING SPAN("\001")

/* The record with what is answered to who asks for a word of some names: this
 * byte and the word, as fold_words gives it -> lines parted by LF. They follow
 * all the entries; a book may have none. */
#define BOOK_WORD SPAN("\002")

struct book {
    struct cdb_image image;
    void *mapping; /* the memory the image is in, if it is in memory */
    int fd;        /* by which book_is_intact looks at the file; -1: nobody may change it */
    struct timespec modified; /* the file, before its first byte was read */
};

/* Opens the file at path and checks its frame. On -1 errno says why; EBADMSG:
 * the file is there but is no book. The file should only ever be replaced by
 * rename(2); of one that is written in place, see book_is_intact. */
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

/* Lets go of the pages that were read until they are read again. For who goes
 * through a whole book: a page that is mapped counts as memory of the program. */
void book_forget(const struct book *book);

/* cdbread_walk that does so now and then. */
int book_walk(const struct book *book, struct cdb_record *record);

/* Appends the offices under the folded name key, parted by separator. 1 found,
 * 0 no such name, -1 the book is broken (or its offices exceed the limits
 * above, which no book of ours does). */
int book_find(const struct book *book, struct span key, struct span separator, struct text *out);

/* Likewise what is to be answered where no name is the folded name, which has
 * at most BOOK_WORD_MAX bytes: whose name it is in one of the forms of name_forms_of,
 * by the words that fold_words gives. */
int book_find_word(const struct book *book, struct span folded, struct span separator,
                   struct text *out);

#endif
