/* Confinement: the process keeps what is open and can get nothing else. Call these when
 * everything is open, before the first byte of a stranger is read. It cannot be undone,
 * and children inherit it.
 *
 * If the kernel lacks a part of it, these functions log one line (once an hour, see
 * log_seldom), do the rest, and return false. */
#ifndef LOOKUP_CONFINE_H
#define LOOKUP_CONFINE_H

#include "net/filter.h"

#include <stdbool.h>
#include <stdint.h>

/* Gives up new privileges (prctl(2), PR_SET_NO_NEW_PRIVS), core files, and files, by
 * Landlock (landlock(7)). What lies below the folder of book, and below the folder that
 * book is linked to now, can still be read. Nothing else can be opened, made or changed.
 * If book is NULL, nothing can be read either. If zones, the time zones can still be
 * read, because the machine's zone may change. */
bool confine_files(const char *book, bool zones);

/* Adds a rule to a Landlock ruleset: what lies below path has these rights
 * (LANDLOCK_ACCESS_FS_...). A path that does not exist, or cannot be reached, is no
 * error. Returns 0, or -1 and sets errno. */
int confine_allow(int rules, const char *path, uint64_t rights);

/* Gives up all system calls except those in filter (seccomp(2)). Any other call kills
 * the process by SIGSYS. Also gives up new children and, for a handler, new
 * descriptors. For last, see filter.h. */
bool confine_calls(enum filter filter, int last);

/* The same for a program that has opened strangers' files and makes a new one in the
 * folder of this descriptor, or in none (-1). It can make, replace and remove files only
 * there, and cannot open those that exist. Returns NULL, or the name of the part that
 * the kernel lacks, and sets errno; the rest is done. */
const char *confine_import(int folder);

#endif
