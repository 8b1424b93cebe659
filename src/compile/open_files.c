#include "compile/compilation.h"
#include "data/same_file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { FIFO_WAIT = 5000 }; /* milliseconds */

static bool is_led_to(const struct folder *folder, const struct stat *opened) {
    struct stat found;
    return fstatat(folder->fd, folder->name, &found, AT_SYMLINK_NOFOLLOW) == 0 &&
           same_file(&found, opened);
}

/* Everybody may read the book. So if another user can redirect the path, root reads only a file
 * that this user owns or that everybody can read. Returns true for any other file. */
static bool is_led_astray(const char *path, const struct stat *opened) {
    struct folder folder;
    if (geteuid() != 0)
        return false;
    int found = folder_find(path, &folder);
    bool his = !folder.shared && opened->st_uid == folder.owner;
    bool everybodys = !folder.closed && (opened->st_mode & S_IROTH) != 0;
    bool fine =
        folder.owner == 0 || (found == 0 && is_led_to(&folder, opened) && (his || everybodys));
    folder_close(&folder);
    return !fine;
}

/* Returns false if the FIFO has no writer and contains no data. tee(2) copies without consuming; it
 * returns 0 only in that case. Returns true if it cannot tell. */
static bool has_writer(int fifo) {
    int into[2];
    if (pipe2(into, O_CLOEXEC) < 0)
        return true;
    bool has = tee(fifo, into[1], 1, SPLICE_F_NONBLOCK) != 0;
    close(into[0]);
    close(into[1]);
    return has;
}

/* open(2) of a FIFO would wait for a writer, maybe for ever. So open_path does not wait, and this
 * waits for FIFO_WAIT at most. Returns false if no writer came. */
static bool wait_for_writer(int fd, const struct stat *opened) {
    struct pollfd fifo = {.fd = fd, .events = POLLIN};
    if (!S_ISFIFO(opened->st_mode))
        return true;
    return has_writer(fd) || poll(&fifo, 1, FIFO_WAIT) > 0 || has_writer(fd);
}

static int open_path(const char *path) {
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd >= 0)
        fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
    return fd;
}

/* Opens the source. Returns NULL, or an error message. */
static const char *open_source(struct source_file *source, const char *path) {
    bool is_input = strcmp(path, "-") == 0;
    source->fd = is_input ? STDIN_FILENO : open_path(path);
    if (source->fd < 0 || fstat(source->fd, &source->opened) < 0)
        return strerror(errno);
    const char *fault = NULL;
    if (S_ISDIR(source->opened.st_mode))
        fault = strerror(EISDIR);
    else if (!is_input && !wait_for_writer(source->fd, &source->opened))
        fault = "nobody writes to this FIFO";
    else if (!is_input && is_led_astray(path, &source->opened))
        fault = "reached by way of a user who may not read it: make that user its owner, or make "
                "it readable for all";
    if (fault == NULL)
        return NULL;
    close(source->fd);
    source->fd = -1;
    return fault;
}

/* Raises the limit of open files: all sources are open at once. */
static void allow_many_files(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

static enum outcome compilation_open_sources(struct compilation *c) {
    const struct compile_options *options = c->options;
    c->sources = calloc(options->count, sizeof(*c->sources));
    if (c->sources == NULL)
        return compilation_say_book(c, OUTCOME_NO_SYSTEM);
    for (unsigned i = 0; i < options->count; i++)
        c->sources[i].fd = -1;
    allow_many_files();
    for (unsigned i = 0; i < options->count; i++) {
        const char *fault = open_source(&c->sources[i], options->sources[i]);
        if (fault == NULL)
            continue;
        enum outcome outcome =
            compilation_say_place(c, (struct place){i, 0}, fault, OUTCOME_NO_INPUT);
        if (!options->keep_going)
            return outcome;
        c->outcome = c->outcome == OUTCOME_DONE ? outcome : c->outcome;
    }
    return OUTCOME_DONE;
}

/* Returns true if the header is that of a CDB file: each hash table starts where the one before
 * ends. This is still true for a book that was truncated, or damaged after the header. */
static bool looks_like_book(int fd) {
    unsigned char head[CDB_HEADER];
    if (pread(fd, head, CDB_HEADER, 0) != CDB_HEADER)
        return false;
    for (size_t at = 8; at < CDB_HEADER; at += 8)
        if (cdbread_number(head + at) !=
            cdbread_number(head + at - 8) + cdbread_number(head + at - 4) * 8)
            return false;
    return cdbread_number(head) >= CDB_HEADER;
}

static bool compilation_is_book(struct compilation *c, int fd) {
    struct book book;
    struct entries walk = {0};
    struct book_entry entry;
    if (book_map(&book, fd) < 0) {
        c->had_names = errno == ENOTSUP; /* unknown for another version; assume so */
        return looks_like_book(fd);
    }
    c->had_names = entries_next(&book, &walk, &entry) > 0;
    book_close(&book);
    return true;
}

/* Refuses to replace a source, or a file that is not a book, so that a forgotten or mistyped
 * argument loses no file. */
static enum outcome compilation_check_old(struct compilation *c) {
    const struct compile_options *options = c->options;
    const struct atomic_file *new = &c->new;
    for (unsigned i = 0; i < options->count && new->had_old; i++)
        if (c->sources[i].fd >= 0 && same_file(&c->sources[i].opened, &new->old))
            return compilation_say(c, options->book, 0,
                                   "is a source, too; the book to be made comes last",
                                   OUTCOME_MISUSED);
    if (!new->had_old || new->old.st_size == 0)
        return OUTCOME_DONE;
    int fd = openat(new->folder, new->target, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return compilation_say_book(c, OUTCOME_NOT_MADE);
    bool is_one = compilation_is_book(c, fd);
    close(fd);
    if (is_one)
        return OUTCOME_DONE;
    return compilation_say(c, options->book, 0,
                           "neither empty nor an address book; if it is to be replaced, remove it",
                           OUTCOME_MISUSED);
}

/* If root makes the book and another user can redirect its path, root becomes that user. */
static enum outcome compilation_enter_folder(struct compilation *c, const struct folder *folder) {
    if (faccessat(folder->fd, ".", W_OK, AT_EACCESS) < 0)
        return compilation_say_book(c, OUTCOME_NOT_MADE);
    if (folder_act_as_owner(folder) < 0)
        return compilation_say(
            c, c->options->book, 0,
            folder->shared ? "its folders belong to several users, who could replace each other's"
                           : "its folder does not belong to root, and root cannot act as its owner",
            OUTCOME_NOT_MADE);
    return atomic_file_begin(&c->new, folder) < 0 ? compilation_say_book(c, OUTCOME_NOT_MADE)
                                                  : OUTCOME_DONE;
}

enum outcome compilation_open_files(struct compilation *c) {
    struct folder folder;
    enum outcome outcome = compilation_open_sources(c);
    if (outcome != OUTCOME_DONE)
        return outcome;
    if (folder_find(c->options->book, &folder) < 0)
        outcome = compilation_say_book(c, OUTCOME_NOT_MADE);
    else
        outcome = compilation_enter_folder(c, &folder);
    folder_close(&folder);
    return outcome != OUTCOME_DONE ? outcome : compilation_check_old(c);
}

void compilation_close_sources(struct compilation *c) {
    for (unsigned i = 0; c->sources != NULL && i < c->options->count; i++)
        if (c->sources[i].fd > STDIN_FILENO)
            close(c->sources[i].fd);
    free(c->sources);
}
