/* The reader that makes a state file a source of a book (formats.h). */
#ifndef LOOKUP_SYNC_STATE_SOURCE_H
#define LOOKUP_SYNC_STATE_SOURCE_H

#include "formats/formats.h"

/* Reads the whole file (replay_read) and gives each name with each office of every entry; the line
 * is a number of the entry. Sorts the entries by identity, so that the same entries always make
 * the same book, whatever the history of the file is. */
extern const struct format state_format;

#endif
