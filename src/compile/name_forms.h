/* In which other forms people ask for a name. */
#ifndef LOOKUP_NAME_FORMS_H
#define LOOKUP_NAME_FORMS_H

#include "compile/accents.h"

/* Gives the forms of the name with this first key (name_keys_of), in composed and
 * decomposed form and without marks; who asks for the words of one (fold_words)
 * asks for it. First what stands for the whole name, then its parts. Of
 * JOHN A. SMITH-JONES:
 *
 *   JOHN A. SMITH-JONES                     whole; given only where it differs from
 *                                           the key, or is likely to be asked for
 *                                           with other dots, hyphens or apostrophes
 *   J A S, JAS                              initials
 *   J SMITH-JONES, J A SMITH-JONES,         initials and last word, or all words
 *   JA SMITH-JONES
 *   JOHN SMITH-JONES                        first and last word
 *   JOHN A, A SMITH-JONES                   words at either end, of 8 at most
 *   JOHN, A, SMITH-JONES                    words
 *
 * All of these but the first again, as of JOHN A. SMITH JONES, which is whole too.
 * SMITH, JOHN is taken for JOHN SMITH as well. The same form may come again.
 * 0; -1: the caller stopped it, or errno. */
int name_forms_of(struct span key, const struct form_events *to);

#endif
