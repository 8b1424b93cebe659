#include "compile/cdb_writer.h"

#include "compile/write_at.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

enum {
    BUFFER = 1 << 16,
    SEND_OFF_EVERY = 1 << 24, /* bytes between two calls of sync_file_range(2) */
    SLOT_SIZE = 8,
    BLOCK_SLOTS = 126,
};

/* A part of the slots of one table. */
struct slot_block {
    struct slot_block *next;
    uint32_t count;
    struct cdb_slot at[BLOCK_SLOTS];
};

static void number_put(char *at, uint32_t number) {
    uint32_t little = htole32(number);
    memcpy(at, &little, sizeof(little));
}

static uint32_t number_get(const char *at) {
    return cdbread_number((const unsigned char *)at);
}

int cdb_writer_start(struct cdb_writer *writer, int fd) {
    *writer = (struct cdb_writer){.fd = fd, .end = CDB_HEADER, .used = CDB_HEADER};
    writer->buffer = calloc(1, BUFFER);
    return writer->buffer == NULL ? -1 : 0;
}

static void chain_free(const struct slot_chain *chain) {
    for (struct slot_block *block = chain->first, *next; block != NULL; block = next) {
        next = block->next;
        free(block);
    }
}

void cdb_writer_close(struct cdb_writer *writer) {
    for (uint32_t i = 0; i < CDB_TABLES; i++) {
        chain_free(&writer->names[i]);
        chain_free(&writer->others[i]);
    }
    free(writer->buffer);
    *writer = (struct cdb_writer){.fd = -1};
}

static int bytes_write(struct cdb_writer *writer, struct span bytes) {
    if (write_at(writer->fd, bytes, writer->written) < 0)
        return -1;
    writer->written += (uint32_t)bytes.len;
    return 0;
}

int cdb_writer_flush(struct cdb_writer *writer) {
    if (bytes_write(writer, (struct span){writer->buffer, writer->used}) < 0)
        return -1;
    writer->used = 0;
    return 0;
}

/* Makes the kernel start writing to the disk: atomic_file_sync, which waits for all bytes, then
 * waits less. */
static void cdb_writer_send_off(struct cdb_writer *writer) {
    if (writer->end - writer->sent_off < SEND_OFF_EVERY)
        return;
    sync_file_range(writer->fd, writer->sent_off, 0, SYNC_FILE_RANGE_WRITE);
    writer->sent_off = writer->end;
}

static int bytes_put(struct cdb_writer *writer, const char *at, size_t len) {
    if (len > BUFFER - writer->used && cdb_writer_flush(writer) < 0)
        return -1;
    if (len > BUFFER)
        return bytes_write(writer, (struct span){at, len});
    memcpy(writer->buffer + writer->used, at, len);
    writer->used += len;
    return 0;
}

static int chain_put(struct slot_chain *chain, struct cdb_slot slot) {
    struct slot_block *last = chain->last;
    if (last == NULL || last->count == BLOCK_SLOTS) {
        struct slot_block *block = malloc(sizeof(*block));
        if (block == NULL)
            return -1;
        block->next = NULL;
        block->count = 0;
        if (last == NULL)
            chain->first = block;
        else
            last->next = block;
        chain->last = last = block;
    }
    last->at[last->count++] = slot;
    chain->count++;
    return 0;
}

static int slot_put(struct cdb_writer *writer, struct span key) {
    struct cdb_slot slot = {cdbread_hash(key), writer->end};
    struct slot_chain *chains = cdbread_is_reserved(key) ? writer->others : writer->names;
    return chain_put(&chains[slot.hash % CDB_TABLES], slot);
}

/* Returns false if the file could exceed 4 GiB. Each record also takes two slots of its table. */
static bool has_room(const struct cdb_writer *writer, uint64_t record) {
    uint64_t tables = ((uint64_t)writer->records + 1) * 2 * SLOT_SIZE;
    return writer->end + record + tables + BUFFER <= UINT32_MAX;
}

int cdb_writer_put(struct cdb_writer *writer, struct span key, struct span value) {
    char lengths[SLOT_SIZE];
    uint64_t size = SLOT_SIZE + key.len + value.len;
    if (!has_room(writer, size)) {
        errno = EOVERFLOW;
        return -1;
    }
    number_put(lengths, (uint32_t)key.len);
    number_put(lengths + 4, (uint32_t)value.len);
    if (bytes_put(writer, lengths, sizeof(lengths)) < 0 || bytes_put(writer, key.at, key.len) < 0 ||
        bytes_put(writer, value.at, value.len) < 0 || slot_put(writer, key) < 0)
        return -1;
    writer->end += (uint32_t)size;
    writer->records++;
    if (!cdbread_is_reserved(key))
        writer->names_end = writer->end;
    cdb_writer_send_off(writer);
    return 0;
}

uint32_t cdb_writer_count(const struct cdb_writer *writer, uint32_t table) {
    return writer->names[table].count + writer->others[table].count;
}

static struct cdb_slot *chain_copy(const struct slot_chain *chain, struct cdb_slot *slots) {
    for (const struct slot_block *block = chain->first; block != NULL; block = block->next) {
        memcpy(slots, block->at, block->count * sizeof(*slots));
        slots += block->count;
    }
    return slots;
}

void cdb_writer_slots(const struct cdb_writer *writer, uint32_t table, struct cdb_slot *slots) {
    chain_copy(&writer->names[table], chain_copy(&writer->others[table], slots));
}

uint32_t cdb_writer_most(const struct cdb_writer *writer) {
    uint32_t most = 0;
    for (uint32_t i = 0; i < CDB_TABLES; i++)
        if (cdb_writer_count(writer, i) > most)
            most = cdb_writer_count(writer, i);
    return most;
}

/* State of writing a table. next makes the search for a free slot short, even if all keys have the
 * same hash (a disjoint-set forest with path halving). */
struct making {
    struct cdb_slot *added; /* a slot for each record, in the order in which they are placed */
    uint32_t *next;   /* for each slot: itself if it is free, else a slot nearer to a free one */
    uint32_t *starts; /* for each slot: the searches for records that start there */
    char *bytes;      /* the table as it will be written */
    uint32_t slots;
};

static uint32_t free_slot(uint32_t *next, uint32_t slot) {
    while (next[slot] != slot) {
        next[slot] = next[next[slot]];
        slot = next[slot];
    }
    return slot;
}

static uint32_t slot_start(const struct making *m, uint32_t hash) {
    return hash / CDB_TABLES % m->slots;
}

static void table_begin(struct making *m, uint32_t slots) {
    m->slots = slots;
    memset(m->bytes, 0, (size_t)slots * SLOT_SIZE);
    for (uint32_t i = 0; i < slots; i++)
        m->next[i] = i;
}

/* Places count slots, of those that were added the ones from first on. */
static void table_place(const struct making *m, uint32_t first, uint32_t count) {
    for (const struct cdb_slot *added = m->added + first; count > 0; added++, count--) {
        uint32_t slot = free_slot(m->next, slot_start(m, added->hash));
        number_put(m->bytes + (size_t)slot * SLOT_SIZE, added->hash);
        number_put(m->bytes + (size_t)slot * SLOT_SIZE + 4, added->offset);
        m->next[slot] = slot + 1 == m->slots ? 0 : slot + 1;
    }
}

/* Slots in a row. A search reads the records of names, and of what is among these, and those of its
 * own hash, which start where it does. */
struct run {
    uint32_t slots;
    uint32_t names;
    uint32_t starts;  /* the most that start at one slot */
    uint32_t most_at; /* that slot */
};

static bool run_is_dear(const struct run *run) {
    uint64_t records = (uint64_t)run->names + run->starts;
    return run->slots * (uint64_t)LIST_SLOT_COST + records * LIST_RECORD_COST > LIST_SEARCH_MAX;
}

/* Most slots of the run are of keys that were chosen, and most likely is the one in the middle of
 * those that start where the most do. */
static int run_refuse(struct cdb_writer *writer, const struct making *m, const struct run *run) {
    uint32_t slot = (run->most_at + run->starts / 2) % m->slots;
    writer->refused = number_get(m->bytes + (size_t)slot * SLOT_SIZE);
    errno = E2BIG;
    return -1;
}

/* Judges what was placed so far, which leaves half of the slots free: the first count of those that
 * were added. Returns 0, or -1 with errno E2BIG. */
static int table_judge(struct cdb_writer *writer, const struct making *m, uint32_t count) {
    struct run run = {0};
    memset(m->starts, 0, m->slots * sizeof(*m->starts));
    for (uint32_t i = 0; i < count; i++)
        m->starts[slot_start(m, m->added[i].hash)]++;
    uint32_t at = free_slot(m->next, 0);
    for (uint32_t left = m->slots; left > 0; left--) {
        uint32_t offset = number_get(m->bytes + (size_t)at * SLOT_SIZE + 4);
        run.slots++;
        run.names += offset <= writer->names_end;
        if (m->starts[at] > run.starts) {
            run.starts = m->starts[at];
            run.most_at = at;
        }
        if (offset == 0)
            run = (struct run){0};
        else if (run_is_dear(&run))
            return run_refuse(writer, m, &run);
        at = at + 1 == m->slots ? 0 : at + 1;
    }
    return 0;
}

static int table_put(struct cdb_writer *writer, uint32_t table, struct making *m) {
    uint32_t count = cdb_writer_count(writer, table);
    uint32_t others = writer->others[table].count;
    if (count == 0)
        return 0;
    cdb_writer_slots(writer, table, m->added);
    table_begin(m, count * 2);
    table_place(m, 0, others);
    if (table_judge(writer, m, others) < 0)
        return -1;
    table_place(m, others, count - others);
    writer->end += m->slots * SLOT_SIZE;
    return bytes_put(writer, m->bytes, (size_t)m->slots * SLOT_SIZE);
}

static int tables_put(struct cdb_writer *writer, struct making *m, struct span trailer) {
    char header[CDB_HEADER];
    for (uint32_t i = 0; i < CDB_TABLES; i++) {
        number_put(header + (size_t)i * SLOT_SIZE, writer->end);
        number_put(header + (size_t)i * SLOT_SIZE + 4, cdb_writer_count(writer, i) * 2);
        if (table_put(writer, i, m) < 0)
            return -1;
    }
    if (bytes_put(writer, trailer.at, trailer.len) < 0 || cdb_writer_flush(writer) < 0)
        return -1;
    return write_at(writer->fd, (struct span){header, CDB_HEADER}, 0);
}

int cdb_writer_finish(struct cdb_writer *writer, struct span trailer) {
    size_t most = (size_t)cdb_writer_most(writer) + 1;
    struct making m = {.added = calloc(most, sizeof(*m.added)),
                       .next = malloc(2 * most * sizeof(*m.next)),
                       .starts = malloc(2 * most * sizeof(*m.starts)),
                       .bytes = malloc(2 * most * SLOT_SIZE)};
    int result = -1;
    if (m.added != NULL && m.next != NULL && m.starts != NULL && m.bytes != NULL)
        result = tables_put(writer, &m, trailer);
    int why = errno;
    free(m.added);
    free(m.next);
    free(m.starts);
    free(m.bytes);
    errno = why;
    return result;
}
