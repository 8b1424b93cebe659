/* Preloaded: when lookup-book writes a book, it instead tries what a hostile source might
 * make it do, as BREACH says, and prints the result. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static int reads(const char *file) {
    return open(file, O_RDONLY);
}

static int changes(const char *file) {
    return open(file, O_WRONLY);
}

static int creates(const char *file) {
    return open(file, O_CREAT | O_EXCL | O_WRONLY, 0600);
}

static int removes(const char *file) {
    return unlink(file);
}

static int replaces(const char *file) {
    return rename("book.txt", file);
}

static int links(const char *file) {
    return link("book.txt", file);
}

static int symlinks(const char *file) {
    return symlink("book.txt", file);
}

static int folders(const char *file) {
    return mkdir(file, 0700);
}

static int reveals(const char *file) {
    return chmod(file, 0777);
}

static int connects(const char *file) {
    (void)file;
    return socket(AF_INET, SOCK_STREAM, 0);
}

static int forks(const char *file) {
    (void)file;
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    return child;
}

static int runs(const char *file) {
    (void)file;
    return execl("/bin/true", "true", (char *)NULL);
}

static int traces(const char *file) {
    (void)file;
    return (int)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}

static int codes(const char *file) {
    (void)file;
    void *page =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return page == MAP_FAILED ? -1 : 0;
}

static const struct {
    const char *name;
    int (*attempt)(const char *file);
} attempts[] = {{"reads", reads},       {"changes", changes},   {"creates", creates},
                {"removes", removes},   {"replaces", replaces}, {"links", links},
                {"symlinks", symlinks}, {"folders", folders},   {"reveals", reveals},
                {"connects", connects}, {"forks", forks},       {"runs", runs},
                {"traces", traces},     {"codes", codes}};

static ssize_t breach(void) {
    const char *name = getenv("BREACH");
    const char *file = getenv("BREACH_FILE");
    for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++)
        if (name != NULL && file != NULL && strcmp(attempts[i].name, name) == 0)
            printf("%s: %s\n", name, attempts[i].attempt(file) >= 0 ? "done" : strerror(errno));
    fflush(stdout);
    _exit(0);
}

ssize_t pwrite(int fd, const void *at, size_t len, off_t offset) {
    (void)fd, (void)at, (void)len, (void)offset;
    return breach();
}

ssize_t pwrite64(int fd, const void *at, size_t len, off64_t offset) {
    (void)fd, (void)at, (void)len, (void)offset;
    return breach();
}
