/* Lists of names, for messages and for what --help says. */
#ifndef LOOKUP_NAMES_H
#define LOOKUP_NAMES_H

#include <stddef.h>

enum { NAMES_MAX = 256 }; /* size of a list */

/* Returns the name of that number, counted from 0, or NULL after the last one. */
typedef const char *name_at(size_t number);

/* Writes all names to list, with between from one to the next, and last before the last one:
 * "lookup, clock or hello". Returns list. */
const char *names_list(name_at *at, const char *between, const char *last, char list[NAMES_MAX]);

#endif
