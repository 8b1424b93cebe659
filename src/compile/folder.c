#include "compile/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    LINKS_MAX = 40,   /* the limit of the kernel, path_resolution(7) */
    NO_GROUP = 65534, /* group for an owner who is not in passwd(5) */
    FOUND_TARGET = 1, /* results of a step: the path is at its end */
    FOLLOW_ON = 0,    /* components are left */
};

/* State of following a path: the folder reached, and the components that are left. */
struct walk {
    struct folder *at;
    char rest[PATH_MAX];
    unsigned links;
};

static void folder_note_owner(struct folder *folder, uid_t owner) {
    if (owner == 0 || owner == folder->owner)
        return;
    folder->shared = folder->owner != 0;
    if (!folder->shared)
        folder->owner = owner;
}

static int folder_enter(struct folder *folder, int fd) {
    struct stat st;
    if (fd < 0)
        return -1;
    if (folder->fd >= 0)
        close(folder->fd);
    folder->fd = fd;
    if (fstat(fd, &st) < 0)
        return -1;
    folder_note_owner(folder, st.st_uid);
    if (folder->owner != 0 && st.st_uid != folder->owner && (st.st_mode & S_IXOTH) == 0)
        folder->closed = true;
    return FOLLOW_ON;
}

static int folder_enter_path(struct folder *folder, const char *path) {
    return folder_enter(folder, open(path, O_PATH | O_DIRECTORY | O_CLOEXEC));
}

/* Puts the target of the link before the components that are left. */
static int walk_link(struct walk *walk, int link) {
    char to[PATH_MAX];
    char rest[PATH_MAX];
    ssize_t len = readlinkat(link, "", to, sizeof(to) - 1);
    if (len < 0 || ++walk->links > LINKS_MAX) {
        errno = len < 0 ? errno : ELOOP;
        return -1;
    }
    to[len] = '\0';
    snprintf(rest, sizeof(rest), "%s", walk->rest);
    const char *joint = rest[0] == '\0' ? "" : "/";
    if (snprintf(walk->rest, sizeof(walk->rest), "%s%s%s", to, joint, rest) >=
        (int)sizeof(walk->rest)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    return to[0] == '/' ? folder_enter_path(walk->at, "/") : FOLLOW_ON;
}

/* Removes the first component from rest and copies it to name. A name that is too long is cut to
 * NAME_MAX + 1 bytes. Sets *last if no slash follows. Returns false if there is no component. */
static bool walk_take(struct walk *walk, char *name, bool *last) {
    const char *from = walk->rest + strspn(walk->rest, "/");
    size_t len = strcspn(from, "/");
    snprintf(name, NAME_MAX + 2, "%.*s", (int)(len <= NAME_MAX ? len : NAME_MAX + 1), from);
    *last = from[len] == '\0';
    from += len + !*last;
    memmove(walk->rest, from, strlen(from) + 1);
    return len > 0;
}

/* Goes to the component name, which fd refers to: into a folder, or on to the target of a link. */
static int walk_to(struct walk *walk, const char *name, bool last, int fd) {
    struct stat st;
    if (fstat(fd, &st) < 0)
        return -1;
    if (S_ISLNK(st.st_mode)) {
        folder_note_owner(walk->at, st.st_uid);
        return walk_link(walk, fd);
    }
    if (!S_ISDIR(st.st_mode) && !last)
        errno = ENOTDIR;
    if (!S_ISDIR(st.st_mode))
        return last ? FOUND_TARGET : -1;
    int into = openat(walk->at->fd, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return folder_enter(walk->at, into);
}

static int walk_step(struct walk *walk) {
    char name[NAME_MAX + 2];
    bool last;
    if (!walk_take(walk, name, &last) || strlen(name) > NAME_MAX) {
        errno = name[0] == '\0' ? EISDIR : ENAMETOOLONG;
        return -1;
    }
    memcpy(walk->at->name, name, strlen(name) + 1);
    int fd = openat(walk->at->fd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT && last ? FOUND_TARGET : -1;
    int step = walk_to(walk, name, last, fd);
    int why = errno;
    close(fd);
    errno = why;
    return step;
}

int folder_find(const char *path, struct folder *found) {
    struct walk walk = {.at = found};
    *found = (struct folder){.fd = -1};
    if (path[0] == '\0' || strlen(path) >= sizeof(walk.rest)) {
        errno = path[0] == '\0' ? ENOENT : ENAMETOOLONG;
        return -1;
    }
    snprintf(walk.rest, sizeof(walk.rest), "%s", path);
    int step = folder_enter_path(found, path[0] == '/' ? "/" : ".");
    while (step == FOLLOW_ON)
        step = walk_step(&walk);
    return step == FOUND_TARGET ? 0 : -1;
}

void folder_close(struct folder *folder) {
    if (folder->fd >= 0)
        close(folder->fd);
    folder->fd = -1;
}

int folder_act_as_owner(const struct folder *folder) {
    if (geteuid() != 0 || folder->owner == 0)
        return 0;
    if (folder->shared) {
        errno = EPERM;
        return -1;
    }
    const struct passwd *user = getpwuid(folder->owner);
    gid_t group = user != NULL ? user->pw_gid : NO_GROUP;
    if (setgroups(0, NULL) < 0 || setresgid(group, group, group) < 0)
        return -1;
    return setresuid(folder->owner, folder->owner, folder->owner);
}
