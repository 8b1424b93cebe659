/* The book of a state file. */
#ifndef LOOKUP_SYNC_STATE_SOURCE_H
#define LOOKUP_SYNC_STATE_SOURCE_H

#include "compile/compile.h"
#include "sync/config.h"

/* Compiles the state file to the book, both of config: each name with each office of every entry.
 * Sorts the entries by identity, so that the same entries always make the same book, whatever the
 * history of the file is. Returns what compile() returns. */
enum outcome state_make_book(const struct sync_config *config, struct compile_report report);

#endif
