#include "compile/atomic_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

/* The name is hidden, so that no pattern such as *.cdb matches it. */
static int atomic_file_choose_name(struct atomic_file *r) {
    unsigned long random = 0;
    if (getrandom(&random, sizeof(random), 0) != (ssize_t)sizeof(random))
        return -1;
    snprintf(r->name, sizeof(r->name), ".%.200s.%016lx", r->target, random);
    return 0;
}

static int atomic_file_open_new(struct atomic_file *r) {
    if (r->has_proc) {
        r->fd = openat(r->folder, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
        if (r->fd >= 0)
            return 0;
        /* Either error means that there are no files without a name: EOPNOTSUPP comes from the
         * file system, EISDIR from a kernel that ignores the flag. */
        if (errno != EOPNOTSUPP && errno != EISDIR)
            return -1;
    }
    if (atomic_file_choose_name(r) < 0)
        return -1;
    r->fd = openat(r->folder, r->name, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    if (r->fd < 0)
        r->name[0] = '\0';
    return r->fd < 0 ? -1 : 0;
}

int atomic_file_scratch(const struct atomic_file *r) {
    struct atomic_file scratch = {.fd = -1, .folder = r->folder, .has_proc = r->has_proc};
    snprintf(scratch.target, sizeof(scratch.target), "%s", r->target);
    if (atomic_file_open_new(&scratch) == 0 && scratch.name[0] != '\0' &&
        unlinkat(r->folder, scratch.name, 0) < 0) {
        close(scratch.fd);
        return -1;
    }
    return scratch.fd;
}

int atomic_file_begin(struct atomic_file *r, const struct folder *place) {
    *r = (struct atomic_file){.fd = -1};
    snprintf(r->target, sizeof(r->target), "%s", place->name);
    r->folder = openat(place->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (r->folder < 0)
        return -1;
    r->has_proc = access("/proc/self/fd", F_OK) == 0;
    r->had_old = fstatat(r->folder, r->target, &r->old, AT_SYMLINK_NOFOLLOW) == 0;
    if (r->had_old && !S_ISREG(r->old.st_mode)) {
        errno = S_ISDIR(r->old.st_mode) ? EISDIR : EINVAL;
        return -1;
    }
    return atomic_file_open_new(r);
}

int atomic_file_again(struct atomic_file *again, const struct atomic_file *r) {
    *again = *r;
    again->fd = -1;
    again->name[0] = '\0';
    again->folder = fcntl(r->folder, F_DUPFD_CLOEXEC, 0);
    return again->folder < 0 ? -1 : atomic_file_open_new(again);
}

static int atomic_file_take_after_old(const struct atomic_file *r) {
    struct stat new;
    if (!r->had_old)
        return fchmod(r->fd, ATOMIC_FILE_MODE);
    if (fstat(r->fd, &new) < 0)
        return -1;
    bool same_owner = new.st_uid == r->old.st_uid &&new.st_gid == r->old.st_gid;
    if (!same_owner && fchown(r->fd, r->old.st_uid, r->old.st_gid) < 0)
        return -1;
    return fchmod(r->fd, r->old.st_mode & 07777);
}

/* Gives a name to a file without one, through the link of its descriptor in /proc (open(2),
 * O_TMPFILE). */
static int atomic_file_give_name(struct atomic_file *r) {
    char link[64];
    if (r->name[0] != '\0')
        return 0;
    if (atomic_file_choose_name(r) < 0)
        return -1;
    snprintf(link, sizeof(link), "/proc/self/fd/%d", r->fd);
    if (linkat(AT_FDCWD, link, r->folder, r->name, AT_SYMLINK_FOLLOW) == 0)
        return 0;
    r->name[0] = '\0';
    return -1;
}

int atomic_file_sync(const struct atomic_file *r) {
    return atomic_file_take_after_old(r) < 0 ? -1 : fsync(r->fd);
}

int atomic_file_commit(struct atomic_file *r) {
    if (atomic_file_give_name(r) < 0 || renameat(r->folder, r->name, r->folder, r->target) < 0)
        return -1;
    r->name[0] = '\0';
    return fsync(r->folder);
}

void atomic_file_end(struct atomic_file *r) {
    if (r->name[0] != '\0')
        unlinkat(r->folder, r->name, 0);
    if (r->fd >= 0)
        close(r->fd);
    if (r->folder >= 0)
        close(r->folder);
    *r = (struct atomic_file){.fd = -1, .folder = -1};
}

int atomic_file_replace(const char *path, atomic_file_writer *write, const void *context) {
    struct folder folder;
    struct atomic_file new = {.fd = -1, .folder = -1};
    int result = folder_find(path, &folder);
    if (result == 0)
        result = atomic_file_begin(&new, &folder);
    if (result == 0)
        result = write(context, new.fd);
    if (result == 0)
        result = atomic_file_sync(&new);
    if (result == 0)
        result = atomic_file_commit(&new);
    int why = errno;
    atomic_file_end(&new);
    folder_close(&folder);
    errno = why;
    return result;
}
