#include "sync/replay.h"

#include <errno.h>
#include <string.h>

static struct identity replay_id(struct span payload) {
    struct identity id;
    memcpy(id.bytes, payload.at, sizeof(id.bytes));
    return id;
}

static int replay_one(struct replay *replay, const struct record *record) {
    if (record->payload.len < IDENTITY_LEN)
        return 0;
    struct identity id = replay_id(record->payload);
    struct table_entry *entry = table_get(&replay->table, &id);
    if (entry == NULL)
        return -1;
    table_set(&replay->table, entry, record->type == RECORD_PUT,
              span_from(record->payload, IDENTITY_LEN));
    return 0;
}

/* Applies the changes from one offset up to that of the commit which makes them valid. */
static int replay_changes(struct replay *replay, struct span file, size_t from, size_t to) {
    struct record record;
    while (from < to && records_read(file, from, &record) > 0) {
        if ((record.type == RECORD_PUT || record.type == RECORD_DEL) &&
            replay_one(replay, &record) < 0)
            return -1;
        from = record.end;
    }
    return 0;
}

static void replay_commit(struct replay *replay, struct span payload) {
    memcpy(&replay->commit, payload.at, sizeof(replay->commit));
    replay->cookie = span_from(payload, sizeof(replay->commit));
    replay->committed = true;
    replay->made = false;
    replay->damaged = replay->commit.entries != replay->table.live;
}

static int replay_record(struct replay *replay, struct span file, const struct record *record,
                         size_t at) {
    struct span payload = record->payload;
    if (record->type == RECORD_COMMIT && payload.len >= sizeof(struct commit)) {
        if (replay_changes(replay, file, replay->end, at) < 0)
            return -1;
        replay_commit(replay, payload);
        replay->end = record->end;
    } else if (record->type == RECORD_MADE && payload.len == sizeof(struct book_mark) &&
               replay->end == at) {
        memcpy(&replay->mark, payload.at, sizeof(replay->mark));
        replay->made = replay->committed;
        replay->end = record->end;
    }
    return 0;
}

/* Returns true if a valid commit or mark follows. Then the bytes at offset are damaged. Otherwise
 * they are the rest of an interrupted write, and no fault. */
static bool is_followed(struct span file, size_t offset) {
    struct record record;
    uint32_t type;
    for (; file.len - offset >= sizeof(type); offset++) {
        memcpy(&type, file.at + offset, sizeof(type));
        if ((type == RECORD_COMMIT || type == RECORD_MADE) &&
            records_read(file, offset, &record) > 0)
            return true;
    }
    return false;
}

static void count_alive(struct replay *replay) {
    replay->alive = RECORDS_MAGIC.len + sizeof(struct commit) + replay->cookie.len + 128;
    for (size_t i = 0; i < replay->table.count; i++)
        if (replay->table.at[i].there)
            replay->alive += 16 + IDENTITY_LEN + replay->table.at[i].profile.len;
}

int replay_read(struct span file, struct replay *replay) {
    struct record record;
    struct span start = {file.at, file.len < RECORDS_MAGIC.len ? file.len : RECORDS_MAGIC.len};
    size_t at = RECORDS_MAGIC.len;
    int more = 0;
    *replay = (struct replay){.end = 0};
    errno = EBADMSG;
    if (!span_starts(RECORDS_MAGIC, start))
        return -1;
    if (file.len < RECORDS_MAGIC.len) /* the writer was killed before its first sync */
        return 0;
    replay->end = at;
    while ((more = records_read(file, at, &record)) > 0) {
        if (replay_record(replay, file, &record, at) < 0)
            return -1;
        at = record.end;
    }
    replay->damaged |= more < 0 && is_followed(file, at);
    replay->made &= !replay->damaged; /* the book may be newer than this table */
    count_alive(replay);
    return 0;
}

void replay_free(struct replay *replay) {
    table_free(&replay->table);
}
