/* The index of a book's words: what is answered to a word of some names. */
#ifndef LOOKUP_INDEX_H
#define LOOKUP_INDEX_H

#include "data/book.h"

/* Takes a record of the index. 0, or -1 to be given no more. */
typedef int index_taker(void *context, struct span key, struct span value);

/* Gives the records that belong to the entries of book, which must hold none
 * twice; always the same ones in the same order. What a form of names (name_forms_of)
 * is answered:
 *
 *   that form being also a name            the offices of that name
 *   standing for the whole of one name     the offices of that name
 *   else, for each entry that has it       Name: office
 *
 * the latter in the order of the book, at most BOOK_LINES_MAX lines, and then
 * "and N more". Takes 144 MiB of memory at most, and as many walks through the
 * book as the words need of that. 0; -1: the caller stopped it, or errno. */
int index_make(const struct book *book, index_taker *take, void *context);

#endif
