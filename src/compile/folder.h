/* Finds the folder of a file that will be created, and the users who could redirect its path. */
#ifndef LOOKUP_FOLDER_H
#define LOOKUP_FOLDER_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

struct folder {
    int fd;                  /* the folder, opened with O_PATH; -1: none */
    char name[NAME_MAX + 1]; /* the file's name in the folder; not a symbolic link */
    uid_t owner;             /* first owner on the path who is not root; 0: root owns everything */
    bool shared;             /* the path has a second owner who is not root */
    bool closed;             /* after a folder of owner comes one of another user without o+x */
};

/* Follows path one component at a time, with its symbolic links (path_resolution(7)). The last
 * component need not exist. Whoever owns a folder or a link on the path can redirect it at any
 * time, so found records the owners. A relative path starts at the working directory; the folders
 * above that do not count. Returns 0, or -1 with errno; EISDIR if path is a folder. Call
 * folder_close in any case. */
int folder_find(const char *path, struct folder *found);
void folder_close(struct folder *folder);

/* If the process is root and the path has another owner, changes the process to that user, and to
 * the user's group alone, for good. Returns 0, or -1 with errno; EPERM if the path has several
 * owners. */
int folder_act_as_owner(const struct folder *folder);

#endif
