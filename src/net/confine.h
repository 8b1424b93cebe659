/* Confinement: what is open stays, and of all the rest nothing can be had any
 * more. To be asked for when everything is open and before the first byte of a
 * stranger is read; it cannot be undone and is handed on to every child.
 *
 * Where the kernel cannot do a part of it, that is logged in one line (once an
 * hour, see log_seldom), the rest is done, and the result is false. */
#ifndef LOOKUP_CONFINE_H
#define LOOKUP_CONFINE_H

#include "net/filter.h"

#include <stdbool.h>
#include <stdint.h>

/* No new privileges (prctl(2), PR_SET_NO_NEW_PRIVS), no core file, and no
 * files, by Landlock (landlock(7)): what lies below the folder of book, and
 * below the folder that book is linked to now, can be read; nothing else can be
 * opened, made or changed. NULL: nothing at all can. zones: the time zones can be read,
 * too, that of the machine being another one tomorrow. */
bool confine_files(const char *book, bool zones);

/* Adds to a set of Landlock's rules that what lies below path has these rights
 * (LANDLOCK_ACCESS_FS_...). A path that is not there, or cannot be reached, is no
 * fault: nothing can be had in it. 0; -1 errno. */
int confine_allow(int rules, const char *path, uint64_t rights);

/* No system call but those in filter (seccomp(2)): any other one ends the
 * process, by SIGSYS. And no child; of a handler no new descriptor either. last: see
 * filter.h. */
bool confine_calls(enum filter filter, int last);

/* The same for whoever reads strangers' files, all of which are open, and makes a
 * new one in the folder that this descriptor is of; -1: in none. There alone can
 * files be made, replaced and removed, and none that is there be opened. NULL; else
 * what the kernel cannot do, and errno: the rest is done. */
const char *confine_import(int folder);

#endif
