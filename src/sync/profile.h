/* A profile: what the state keeps of an entry of the directory. For a person that is names and
 * offices, for a container a hash of its DN. Each value is a part (1 byte), a length (2 bytes, in
 * the byte order of the machine) and its bytes. If the bytes of its profile stay the same, an entry
 * has not changed for the book. */
#ifndef LOOKUP_SYNC_PROFILE_H
#define LOOKUP_SYNC_PROFILE_H

#include "data/bytes.h"
#include "formats/person.h"

#include <stdbool.h>

enum { PROFILE_MAX = PERSON_ROOM + 3 * PERSON_VALUES }; /* bytes of a profile */

enum profile_part { PROFILE_NAME = 'n', PROFILE_OFFICE = 'o', PROFILE_CONTAINER = 'c' };

/* Appends a value. Sets out->full if out has no room for it, or if it is longer than 65535
 * bytes. */
void profile_add(struct text *out, enum profile_part part, struct span value);

/* Removes the next value from the front of rest and sets *part and *value, which points into
 * rest. Returns 1, 0 at the end, or -1 if the bytes are not a profile. */
int profile_next(struct span *rest, enum profile_part *part, struct span *value);

/* Counts the names that the book gets from a profile: 0 if it has no office. */
unsigned profile_names(struct span profile);

/* Returns true if the entry is not a person, but may have entries below it. */
bool profile_is_container(struct span profile);

/* Sets person to the names and offices of a profile. */
void profile_read(struct span profile, struct person *person);

#endif
