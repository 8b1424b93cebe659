/* In which other forms people ask for a name. */
#ifndef LOOKUP_FORMS_H
#define LOOKUP_FORMS_H

#include "import/spellings.h"

/* Gives the forms, in the words of fold_words, of the name with this first key
 * (keys_of), in composed and decomposed form and without marks. First what
 * stands for the whole name, then its parts. Of JOHN A. SMITH-JONES:
 *
 *   JOHN A SMITH-JONES                      whole; given only where the words
 *                                           differ from the key or one of them
 *                                           is an initial, asked with a dot
 *   J A S, JAS                              initials
 *   J SMITH-JONES, J A SMITH-JONES          initials and last word, or all words
 *   JOHN SMITH-JONES                        first and last word
 *   JOHN A, A SMITH-JONES                   words at either end, of 8 at most
 *   JOHN, A, SMITH-JONES, SMITH, JONES      words, and what hyphens part
 *
 * SMITH, JOHN is taken for JOHN SMITH as well. The same form may come again.
 * 0; -1: the taker stopped it, or errno. */
int forms_of(struct span key, const struct form_taker *to);

#endif
