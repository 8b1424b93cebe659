/* Fuzzes a state file. The first byte says whether the rest is the file itself, or operations
 * on one. After operations, the file is truncated or damaged; then it must read as the state
 * after some commit, and after the last one if the damage did not reach that. */
#include "check.h"
#include "sync/replay.h"

enum { IDS = 8, COMMITS = 64 };

struct past {
    unsigned char values[IDS]; /* 0: the entry does not exist */
    size_t end;
};

struct history {
    struct record_buffer file;
    struct past commits[COMMITS]; /* the first: empty */
    unsigned count;
    unsigned char now[IDS];
};

static struct identity id_of(unsigned number) {
    struct identity id = {{(char)number}};
    return id;
}

static void add(struct history *history, uint32_t type, struct span first, struct span second) {
    must(records_add(&history->file, 0, type, first, second) == 0);
}

static void commit(struct history *history) {
    struct commit commit = {.entries = 0};
    struct span bytes = {(const char *)&commit, sizeof(commit)};
    if (history->count == COMMITS)
        return;
    for (unsigned i = 0; i < IDS; i++)
        commit.entries += history->now[i] != 0;
    add(history, RECORD_COMMIT, bytes, SPAN("cookie"));
    struct past *past = &history->commits[history->count++];
    memcpy(past->values, history->now, sizeof(past->values));
    past->end = history->file.len;
}

static void act(struct history *history, unsigned char what) {
    struct identity id = id_of(what % IDS);
    struct span key = {id.bytes, IDENTITY_LEN};
    char value = (char)(1 + what / IDS % 7);
    struct book_mark mark = {.size = what};
    if (what >= 240) {
        commit(history);
    } else if (what >= 224) {
        add(history, RECORD_MADE, (struct span){(const char *)&mark, sizeof(mark)}, SPAN(""));
    } else if (what >= 180) {
        history->now[what % IDS] = 0;
        add(history, RECORD_DEL, key, SPAN(""));
    } else {
        history->now[what % IDS] = (unsigned char)value;
        add(history, RECORD_PUT, key, (struct span){&value, 1});
    }
}

static bool is_as(const struct replay *replay, const struct past *past) {
    for (unsigned i = 0; i < IDS; i++) {
        struct identity id = id_of(i);
        const struct table_entry *entry = table_find(&replay->table, &id);
        bool there = entry != NULL && entry->there;
        if (there != (past->values[i] != 0) ||
            (there && (unsigned char)entry->profile.at[0] != past->values[i]))
            return false;
    }
    return true;
}

/* Returns the last commit that ends at or before end. */
static unsigned last_before(const struct history *history, size_t end) {
    unsigned last = 0;
    for (unsigned i = 1; i < history->count; i++)
        if (history->commits[i].end <= end)
            last = i;
    return last;
}

static void check(const struct history *history, size_t cut, size_t bent, unsigned char by) {
    struct replay replay;
    size_t len = history->file.len < cut ? history->file.len : cut;
    must(len < SIZE_MAX);
    char *copy = malloc(len + 1);
    must(copy != NULL);
    memcpy(copy, history->file.at, len);
    bool bends = bent >= RECORDS_MAGIC.len && bent < len && by != 0;
    if (bends)
        copy[bent] = (char)(copy[bent] ^ by);
    must(replay_read((struct span){copy, len}, &replay) == 0);
    must(replay.end <= len);
    unsigned whole = last_before(history, bends ? bent : len);
    must(is_as(&replay, &history->commits[whole]));
    /* An older state must be reported as damaged if something was written after it. */
    must(!bends || replay.damaged || last_before(history, len) <= whole + 1);
    must(bends || !replay.damaged);
    replay_free(&replay);
    free(copy);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size) {
    struct history history = {.count = 1};
    struct replay replay;
    if (size < 8)
        return 0;
    if (data[0] % 4 == 0) {
        if (replay_read((struct span){(const char *)data + 1, size - 1}, &replay) == 0)
            must(replay.end <= size - 1);
        replay_free(&replay);
        return 0;
    }
    /* Not by records_add: its offsets start at the magic. */
    history.file.at = malloc(RECORDS_MAGIC.len);
    must(history.file.at != NULL);
    memcpy(history.file.at, RECORDS_MAGIC.at, RECORDS_MAGIC.len);
    history.file.len = history.file.cap = RECORDS_MAGIC.len;
    for (size_t i = 7; i < size; i++)
        act(&history, data[i]);
    size_t cut = data[0] % 4 == 1 ? SIZE_MAX : RECORDS_MAGIC.len + (size_t)data[1] * 256 + data[2];
    check(&history, cut, data[3] * 256u + data[4], data[5]);
    records_free(&history.file);
    return 0;
}
