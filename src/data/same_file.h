/* Tells whether two names or descriptors lead to one file. */
#ifndef LOOKUP_SAME_FILE_H
#define LOOKUP_SAME_FILE_H

#include <stdbool.h>
#include <sys/stat.h>

/* Compares what stat(2) or fstat(2) said of each. */
static inline bool same_file(const struct stat *a, const struct stat *b) {
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

#endif
