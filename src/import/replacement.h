/* A file replaced as a whole: whoever opens it has the old one or the new one,
 * never half of either, and a crash at any moment leaves one of the two. */
#ifndef LOOKUP_REPLACEMENT_H
#define LOOKUP_REPLACEMENT_H

#include <limits.h>
#include <stdbool.h>
#include <sys/stat.h>

enum { REPLACEMENT_MODE = 0644 }; /* of a file that replaces none; no umask */

struct replacement {
    int fd;                /* the new file, to be written */
    char target[PATH_MAX]; /* the file to be replaced, symbolic links followed */
    char name[PATH_MAX];   /* of the new file beside it; empty: it has none yet */
    bool had_old;
    struct stat old;
};

/* All return 0, or -1 and errno. */

/* Makes a new file in the folder of path. It has no name where the file system
 * can do that, so that not even SIGKILL leaves it behind. EINVAL: path is there
 * but is no regular file. */
int replacement_begin(struct replacement *r, const char *path);

/* Makes the new file durable, gives it the old one's owner and mode, and puts
 * it in the old one's place. */
int replacement_commit(struct replacement *r);

/* Lets the new file go; the old one was never touched. After a commit: closes. */
void replacement_end(struct replacement *r);

#endif
