/* What is kept of a directory's entry: its names and its offices, in bytes that
 * are the same as long as those are. */
#ifndef LOOKUP_SYNC_PROFILE_H
#define LOOKUP_SYNC_PROFILE_H

#include "data/bytes.h"
#include "formats/person.h"

#include <stdbool.h>

enum { PROFILE_MAX = PERSON_ROOM + 3 * PERSON_VALUES }; /* bytes of one */

enum profile_part { PROFILE_NAME = 'n', PROFILE_OFFICE = 'o', PROFILE_CONTAINER = 'c' };

/* Appends a value of at most 65535 bytes; out->full if it has no room. */
void profile_add(struct text *out, enum profile_part part, struct span value);

/* Takes the next value off rest. 1; 0 there is none; -1 the bytes are broken. */
int profile_next(struct span *rest, enum profile_part *part, struct span *value);

/* How many names a book will have of it: none without an office. */
unsigned profile_names(struct span profile);

/* True of what is no person but has entries below it. */
bool profile_is_container(struct span profile);

/* Sets person to what it says. */
void profile_read(struct span profile, struct person *person);

#endif
