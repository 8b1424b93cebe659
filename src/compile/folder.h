/* The folder of a file that is to be made, and in whose hands the way there is. */
#ifndef LOOKUP_FOLDER_H
#define LOOKUP_FOLDER_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

struct folder {
    int fd;                  /* opened with O_PATH; -1: none */
    char name[NAME_MAX + 1]; /* the file's in it, which is no link */
    uid_t owner;             /* the first on the way that is not root; 0: there is none */
    bool shared;             /* there is a second one */
    bool closed;             /* a folder behind his that is not his lets not everybody through */
};

/* Follows path, a component at a time, links included; the last one need not be
 * there. Whoever owns a folder or a link on the way can lead it elsewhere at any
 * time. 0; -1 errno, EISDIR if path is a folder. */
int folder_find(const char *path, struct folder *found);
void folder_close(struct folder *folder);

/* Goes on with the rights of the folder's owner, for good, if the process is
 * root and the owner is not. 0; -1 errno, EPERM for a shared one. */
int folder_act_as_owner(const struct folder *folder);

#endif
