#include "import/replacement.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

static int folder_of(const char *path, char folder[PATH_MAX]) {
    char copy[PATH_MAX];
    snprintf(copy, sizeof(copy), "%s", path);
    snprintf(folder, PATH_MAX, "%s", dirname(copy));
    return 0;
}

/* Beside the target and hidden, so that no pattern like *.cdb matches it. */
static int name_new_file(struct replacement *r) {
    char folder[PATH_MAX];
    char copy[PATH_MAX];
    unsigned long random = 0;
    folder_of(r->target, folder);
    snprintf(copy, sizeof(copy), "%s", r->target);
    if (getrandom(&random, sizeof(random), 0) != (ssize_t)sizeof(random))
        return -1;
    int len = snprintf(r->name, sizeof(r->name), "%s/.%s.%016lx", folder, basename(copy), random);
    if (len < 0 || (size_t)len >= sizeof(r->name)) {
        r->name[0] = '\0';
        errno = ENAMETOOLONG;
        return -1;
    }
    return 0;
}

static int open_new_file(struct replacement *r) {
    char folder[PATH_MAX];
    folder_of(r->target, folder);
    r->fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (r->fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
        return r->fd < 0 ? -1 : 0;
    if (name_new_file(r) < 0)
        return -1;
    r->fd = open(r->name, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    if (r->fd < 0)
        r->name[0] = '\0';
    return r->fd < 0 ? -1 : 0;
}

int replacement_begin(struct replacement *r, const char *path) {
    *r = (struct replacement){.fd = -1};
    if (strlen(path) >= sizeof(r->target)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    if (realpath(path, r->target) == NULL)
        strcpy(r->target, path);
    r->had_old = stat(r->target, &r->old) == 0;
    if (r->had_old && !S_ISREG(r->old.st_mode)) {
        errno = S_ISDIR(r->old.st_mode) ? EISDIR : EINVAL;
        return -1;
    }
    return open_new_file(r);
}

static int take_after_old(const struct replacement *r) {
    struct stat new;
    if (!r->had_old)
        return fchmod(r->fd, REPLACEMENT_MODE);
    if (fstat(r->fd, &new) < 0)
        return -1;
    bool same_owner = new.st_uid == r->old.st_uid &&new.st_gid == r->old.st_gid;
    if (!same_owner && fchown(r->fd, r->old.st_uid, r->old.st_gid) < 0)
        return -1;
    return fchmod(r->fd, r->old.st_mode & 07777);
}

/* A file without a name is given one through its descriptor's link in /proc. */
static int give_name(struct replacement *r) {
    char link[64];
    if (r->name[0] != '\0')
        return 0;
    if (name_new_file(r) < 0)
        return -1;
    snprintf(link, sizeof(link), "/proc/self/fd/%d", r->fd);
    if (linkat(AT_FDCWD, link, AT_FDCWD, r->name, AT_SYMLINK_FOLLOW) == 0)
        return 0;
    r->name[0] = '\0';
    return -1;
}

static int sync_folder(const struct replacement *r) {
    char folder[PATH_MAX];
    folder_of(r->target, folder);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    int result = fsync(fd);
    close(fd);
    return result;
}

int replacement_commit(struct replacement *r) {
    if (take_after_old(r) < 0 || fsync(r->fd) < 0 || give_name(r) < 0 ||
        rename(r->name, r->target) < 0)
        return -1;
    r->name[0] = '\0';
    return sync_folder(r);
}

void replacement_end(struct replacement *r) {
    if (r->name[0] != '\0')
        unlink(r->name);
    if (r->fd >= 0)
        close(r->fd);
    r->name[0] = '\0';
    r->fd = -1;
}
