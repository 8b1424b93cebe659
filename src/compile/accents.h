/* How a form of a name may be spelled. */
#ifndef LOOKUP_ACCENTS_H
#define LOOKUP_ACCENTS_H

#include "data/bytes.h"

/* Takes one form; whole: it stands for the whole name, as its key does. 0, or -1
 * to be given no more. */
struct form_events {
    int (*form)(void *context, struct span form, bool whole);
    void *context;
};

/* Gives a form, which is UTF-8 in upper case, composed and decomposed (Unicode
 * Standard Annex 15, NFC and NFD). All return 0; -1: the caller stopped it, or
 * errno. */
int accents_kept(const struct form_events *to, struct span form, bool whole);

/* Gives it without accents and their like, if it has any: decomposed, less the
 * combining marks, and with plain letters for those that have a stroke or are
 * two in one. Marks that make another letter of it in their script stay: the
 * nukta, the virama and the voicing of kana. What is left is composed again. */
int accents_dropped(const struct form_events *to, struct span form, bool whole);

/* Both. */
int spell(const struct form_events *to, struct span form, bool whole);

#endif
