/* A file replaced as a whole: whoever opens it has the old one or the new one,
 * never half of either, and a crash at any moment leaves one of the two. */
#ifndef LOOKUP_ATOMIC_FILE_H
#define LOOKUP_ATOMIC_FILE_H

#include "compile/folder.h"

#include <limits.h>
#include <stdbool.h>
#include <sys/stat.h>

enum { ATOMIC_FILE_MODE = 0644 }; /* of a file that replaces none; no umask */

struct atomic_file {
    int fd;                    /* the new file, to be written */
    int folder;                /* where both files are */
    char target[NAME_MAX + 1]; /* the file to be replaced */
    char name[NAME_MAX + 1];   /* the new file; empty: it has no name yet */
    bool has_proc;             /* through which a file is given a name */
    bool had_old;
    struct stat old;
};

/* All return 0, or -1 and errno. */

/* Makes a new file in the folder that was found. It has no name where the file
 * system can do that (open(2), O_TMPFILE) and /proc is there, so that not even
 * SIGKILL leaves it behind. EINVAL: what is to be replaced is no regular file. */
int atomic_file_begin(struct atomic_file *r, const struct folder *place);

/* Makes another new file, for the same place as that of r, which may go then. */
int atomic_file_again(struct atomic_file *again, const struct atomic_file *r);

/* A file without a name in the same folder, which goes when it is closed: its descriptor. */
int atomic_file_scratch(const struct atomic_file *r);

/* Makes the new file durable, with the old one's owner and mode. */
int atomic_file_sync(const struct atomic_file *r);

/* Puts the new file, which is synced, in the old one's place. For that it has a
 * name for a moment, since linkat(2) replaces no file; if SIGKILL comes just
 * then, it is left. */
int atomic_file_commit(struct atomic_file *r);

/* Lets the new file go, unless it was committed, and closes. */
void atomic_file_end(struct atomic_file *r);

/* All of the above for the file at path, which write fills: it takes the new file's descriptor,
 * and returns 0, or -1 and errno. */
typedef int atomic_file_writer(const void *context, int fd);
int atomic_file_replace(const char *path, atomic_file_writer *write, const void *context);

#endif
