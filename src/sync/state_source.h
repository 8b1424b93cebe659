/* A state file as a source of a book. */
#ifndef LOOKUP_SYNC_STATE_SOURCE_H
#define LOOKUP_SYNC_STATE_SOURCE_H

#include "formats/formats.h"

/* Each name with each office of every entry, in the order of their identities: the
 * same entries make the same book, whatever became of them before. */
extern const struct format state_format;

#endif
