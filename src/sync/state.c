#include "sync/state.h"

#include "compile/atomic_file.h"
#include "compile/write_at.h"
#include "sync/profile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

enum { ARENA_PIECE = 1024 * 1024, COMPACT_ABOVE = 64 * 1024, STATE_MODE = 0600 };

/* A list of pieces of memory. Unlike with realloc(3), no piece ever moves. */
struct arena {
    struct arena *before;
    size_t used;
    char bytes[ARENA_PIECE];
};

static const char *arena_copy(struct arena **arena, struct span s) {
    if (*arena == NULL || ARENA_PIECE - (*arena)->used < s.len) {
        struct arena *more = malloc(sizeof(*more));
        if (more == NULL)
            return NULL;
        more->before = *arena;
        more->used = 0;
        *arena = more;
    }
    char *copy = (*arena)->bytes + (*arena)->used;
    if (s.len > 0)
        memcpy(copy, s.at, s.len);
    (*arena)->used += s.len;
    return copy;
}

static void arena_free(struct arena *arena) {
    while (arena != NULL) {
        struct arena *before = arena->before;
        free(arena);
        arena = before;
    }
}

int state_lock(const char *state) {
    char path[PATH_MAX];
    if (snprintf(path, sizeof(path), "%s.lock", state) >= (int)sizeof(path)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, STATE_MODE);
    if (lock < 0 || flock(lock, LOCK_EX | LOCK_NB) == 0)
        return lock;
    int why = errno;
    close(lock);
    errno = why;
    return -1;
}

static int state_map(struct state *state) {
    struct stat st;
    if (fstat(state->fd, &st) < 0)
        return -1;
    if (!S_ISREG(st.st_mode)) {
        errno = EBADMSG;
        return -1;
    }
    if (st.st_size == 0)
        return 0;
    void *at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, state->fd, 0);
    if (at == MAP_FAILED)
        return -1;
    state->file = (struct span){at, (size_t)st.st_size};
    return 0;
}

/* Does not change the file. The rest of an interrupted write stays for inspection until the next
 * sync replaces it. */
int state_open(struct state *state, const char *path) {
    *state = (struct state){.path = path, .fd = -1};
    state->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, STATE_MODE);
    if (state->fd < 0 || state_map(state) < 0)
        return -1;
    return replay_read(state->file, &state->replay);
}

void state_close(struct state *state) {
    replay_free(&state->replay);
    records_free(&state->changes);
    arena_free(state->arena);
    if (state->file.len > 0)
        munmap((void *)state->file.at, state->file.len);
    if (state->fd >= 0)
        close(state->fd);
    *state = (struct state){.path = state->path, .fd = -1};
}

/* Returns the offset of the next record in the file. */
static size_t state_base(const struct state *state) {
    return state->replay.end == 0 ? RECORDS_MAGIC.len : state->replay.end;
}

static int state_add(struct state *state, uint32_t type, struct span first, struct span second) {
    return records_add(&state->changes, state_base(state), type, first, second);
}

static struct span span_of_id(const struct identity *id) {
    return (struct span){id->bytes, IDENTITY_LEN};
}

int state_put(struct state *state, const struct identity *id, struct span profile) {
    struct table_entry *entry = table_get(&state->replay.table, id);
    if (entry == NULL)
        return -1;
    if (entry->there && span_equal(entry->profile, profile))
        return 0;
    const char *copy = arena_copy(&state->arena, profile);
    if (copy == NULL || state_add(state, RECORD_PUT, span_of_id(id), profile) < 0)
        return -1;
    table_set(&state->replay.table, entry, true, (struct span){copy, profile.len});
    return 1;
}

int state_delete(struct state *state, const struct identity *id) {
    struct table_entry *entry = table_find(&state->replay.table, id);
    if (entry == NULL || !entry->there)
        return 0;
    if (state_add(state, RECORD_DEL, span_of_id(id), SPAN("")) < 0)
        return -1;
    table_set(&state->replay.table, entry, false, SPAN(""));
    return 1;
}

/* First removes the rest of an interrupted write, so that none of its bytes can follow the new
 * records. If the disk has no room for all changes, removes them again. */
static int state_append(struct state *state) {
    size_t end = state->replay.end;
    size_t base = state_base(state);
    struct span changes = {state->changes.at, state->changes.len};
    if (ftruncate(state->fd, (off_t)end) < 0)
        return -1;
    if ((end > 0 || write_at(state->fd, RECORDS_MAGIC, 0) == 0) &&
        write_at(state->fd, changes, base) == 0 && fdatasync(state->fd) == 0) {
        state->replay.end = base + changes.len;
        records_free(&state->changes);
        return 0;
    }
    int why = errno;
    if (ftruncate(state->fd, (off_t)end) < 0)
        why = errno;
    errno = why;
    return -1;
}

static int state_add_mark(struct state *state) {
    struct span bytes = {(const char *)&state->replay.mark, sizeof(state->replay.mark)};
    return state_add(state, RECORD_MADE, bytes, SPAN(""));
}

bool state_is_changed(const struct state *state) {
    return state->changes.len > 0;
}

uint64_t state_names(const struct state *state) {
    const struct table *table = &state->replay.table;
    uint64_t names = 0;
    for (size_t i = 0; i < table->count; i++)
        names += profile_names(table->at[i].profile);
    return names;
}

int state_commit(struct state *state, const struct commit *commit, struct span cookie) {
    struct span bytes = {(const char *)commit, sizeof(*commit)};
    bool still_made = state->replay.made && !state_is_changed(state);
    if (state_add(state, RECORD_COMMIT, bytes, cookie) < 0 ||
        (still_made && state_add_mark(state) < 0))
        return -1;
    if (state_append(state) < 0)
        return -1;
    state->replay.commit = *commit;
    state->replay.committed = true;
    state->replay.made = still_made;
    return 0;
}

static struct book_mark mark_of(const struct stat *book) {
    return (struct book_mark){book->st_ino, (uint64_t)book->st_size, book->st_mtim.tv_sec,
                              book->st_mtim.tv_nsec};
}

int state_note_made(struct state *state, const struct stat *book) {
    state->replay.mark = mark_of(book);
    state->replay.made = true;
    return state_add_mark(state) < 0 ? -1 : state_append(state);
}

bool state_is_made(const struct state *state, const struct stat *book) {
    struct book_mark mark = mark_of(book);
    return state->replay.made && memcmp(&mark, &state->replay.mark, sizeof(mark)) == 0;
}

/* Adds the records of a new file: the entries, the commit and the mark. */
static int state_add_all(const struct state *state, struct record_buffer *to) {
    const struct replay *replay = &state->replay;
    size_t base = RECORDS_MAGIC.len;
    struct span commit = {(const char *)&replay->commit, sizeof(replay->commit)};
    struct span mark = {(const char *)&replay->mark, sizeof(replay->mark)};
    for (size_t i = 0; i < replay->table.count; i++) {
        const struct table_entry *entry = &replay->table.at[i];
        if (entry->there &&
            records_add(to, base, RECORD_PUT, span_of_id(&entry->id), entry->profile) < 0)
            return -1;
    }
    if (records_add(to, base, RECORD_COMMIT, commit, replay->cookie) < 0)
        return -1;
    return replay->made ? records_add(to, base, RECORD_MADE, mark, SPAN("")) : 0;
}

static int state_write_records(const void *context, int fd) {
    const struct record_buffer *records = context;
    if (write_at(fd, RECORDS_MAGIC, 0) < 0)
        return -1;
    return write_at(fd, (struct span){records->at, records->len}, RECORDS_MAGIC.len);
}

int state_compact(struct state *state) {
    const struct replay *replay = &state->replay;
    struct record_buffer records = {0};
    if (!replay->committed || replay->damaged || state->file.len < COMPACT_ABOVE ||
        replay->alive > state->file.len / 2)
        return 0;
    int result = state_add_all(state, &records);
    if (result == 0)
        result = atomic_file_replace(state->path, state_write_records, &records);
    int why = errno;
    records_free(&records);
    errno = why;
    return result == 0 ? 1 : -1;
}
