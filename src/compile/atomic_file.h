/* Replaces a file as a whole. Whoever opens it gets the old file or the new one, both complete, and
 * a crash at any moment leaves one of the two. */
#ifndef LOOKUP_ATOMIC_FILE_H
#define LOOKUP_ATOMIC_FILE_H

#include "compile/folder.h"

#include <limits.h>
#include <stdbool.h>
#include <sys/stat.h>

enum { ATOMIC_FILE_MODE = 0644 }; /* mode if there is no old file, whatever the umask */

struct atomic_file {
    int fd;                    /* the new file, for writing and reading */
    int folder;                /* the directory of both files */
    char target[NAME_MAX + 1]; /* name of the file to replace */
    char name[NAME_MAX + 1];   /* name of the new file; empty: it has none now */
    bool has_proc;             /* /proc is there; a file without a name gets one through it */
    bool had_old;              /* there is a file to replace; old is its status */
    struct stat old;
};

/* All functions return 0, or -1 with errno, unless they say otherwise. */

/* Creates a new file in the folder of place, to replace the file of that name. The new file has no
 * name if the file system supports that (open(2), O_TMPFILE) and /proc is there; then even SIGKILL
 * leaves nothing behind. EISDIR: the file to replace is a folder. EINVAL: it is another file that
 * is not regular. Call atomic_file_end in any case. */
int atomic_file_begin(struct atomic_file *r, const struct folder *place);

/* Creates another new file, to replace the same file as r. It does not depend on r. Call
 * atomic_file_end for it, too, in any case. */
int atomic_file_again(struct atomic_file *again, const struct atomic_file *r);

/* Creates a file without a name in the same folder; closing it deletes it. Returns its descriptor,
 * or -1 with errno. */
int atomic_file_scratch(const struct atomic_file *r);

/* Gives the new file the owner and the mode of the old one, and waits until it is on the disk. */
int atomic_file_sync(const struct atomic_file *r);

/* Renames the new file over the old one, and waits until the folder is on the disk. If only this
 * wait fails, the new file is in place although -1 is returned. Call atomic_file_sync first. A new
 * file without a name gets one for a moment, because linkat(2) does not replace a file. SIGKILL at
 * that moment leaves it behind. */
int atomic_file_commit(struct atomic_file *r);

/* Closes both descriptors, and deletes the new file unless it was committed. */
void atomic_file_end(struct atomic_file *r);

/* Writes the contents of a new file to fd. Returns 0, or -1 with errno. */
typedef int atomic_file_writer(const void *context, int fd);

/* Does all of the above for the file at path; write gets context. */
int atomic_file_replace(const char *path, atomic_file_writer *write, const void *context);

#endif
