#include "compile/notes.h"

#include "compile/write_at.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* Block number n is at offset n * NOTES_ROOM of the file. */
struct notes_block {
    uint32_t next; /* number of the next block of this part, plus 1; 0: none */
    uint32_t len;
};

int notes_begin(struct notes *notes, const struct atomic_file *beside) {
    *notes = (struct notes){.beside = beside, .fd = -1};
    /* Pages that are never touched take no memory. */
    void *room = mmap(NULL, (size_t)NOTES_PARTS * NOTES_ROOM, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (room == MAP_FAILED)
        return -1;
    notes->room = room;
    notes->read = malloc(NOTES_ROOM);
    return notes->read == NULL ? -1 : 0;
}

void notes_end(struct notes *notes) {
    if (notes->room == NULL)
        return;
    munmap(notes->room, (size_t)NOTES_PARTS * NOTES_ROOM);
    if (notes->fd >= 0)
        close(notes->fd);
    free(notes->read);
    free(notes->blocks);
    *notes = (struct notes){0};
}

static char *part_room(const struct notes *notes, const struct notes_part *part) {
    return notes->room + (size_t)(part - notes->parts) * NOTES_ROOM;
}

static int block_write(struct notes *notes, struct span bytes) {
    return write_at(notes->fd, bytes, (uint64_t)notes->block_count * NOTES_ROOM);
}

/* Makes room in blocks for one more. */
static int blocks_grow(struct notes *notes) {
    uint32_t count = notes->block_count;
    if ((count & (count - 1)) != 0) /* the array is full at each power of 2 */
        return 0;
    void *blocks =
        reallocarray(notes->blocks, count == 0 ? 1 : 2 * (size_t)count, sizeof(*notes->blocks));
    if (blocks == NULL)
        return -1;
    notes->blocks = blocks;
    return 0;
}

/* Moves the buffer of the part to the file. */
static int part_spill(struct notes *notes, struct notes_part *part) {
    if (notes->fd < 0 && (notes->fd = atomic_file_scratch(notes->beside)) < 0)
        return -1;
    if (blocks_grow(notes) < 0 ||
        block_write(notes, (struct span){part_room(notes, part), part->len}) < 0)
        return -1;
    notes->blocks[notes->block_count++] = (struct notes_block){0, part->len};
    if (part->last_block == 0)
        part->first_block = notes->block_count;
    else
        notes->blocks[part->last_block - 1].next = notes->block_count;
    part->last_block = notes->block_count;
    part->len = 0;
    return 0;
}

int notes_add(struct notes *notes, const struct note *note) {
    struct notes_part *part = &notes->parts[note->hash / (UINT32_MAX / NOTES_PARTS + 1)];
    if (part->len + NOTE_MAX > NOTES_ROOM && part_spill(notes, part) < 0)
        return -1;
    struct text out = {.at = part_room(notes, part), .len = part->len, .cap = NOTES_ROOM};
    text_put(&out, (struct span){(const char *)&note->hash, sizeof(note->hash)});
    varint_put(&out, note->entry - part->entry);
    varint_put(&out, (uint32_t)note->name.len);
    varint_put(&out, (uint32_t)note->info.len);
    text_put(&out, note->name);
    text_put(&out, note->info);
    part->len = (uint32_t)out.len;
    part->entry = note->entry;
    return 0;
}

void notes_read(struct notes *notes, uint32_t part, struct notes_reading *reading) {
    *reading = (struct notes_reading){.notes = notes, .part = &notes->parts[part]};
    reading->next_block = reading->part->first_block;
}

static int block_read(const struct notes *notes, uint32_t number) {
    size_t len = notes->blocks[number].len;
    for (size_t at = 0; at < len;) {
        ssize_t got =
            pread(notes->fd, notes->read + at, len - at, (off_t)number * NOTES_ROOM + (off_t)at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            errno = got == 0 ? EIO : errno;
            return -1;
        }
        at += (size_t)got;
    }
    return 0;
}

/* Advances to the next block, or to the buffer. Returns 1, 0 if all is read, or -1 with errno. */
static int reading_go_on(struct notes_reading *reading) {
    const struct notes *notes = reading->notes;
    uint32_t number = reading->next_block;
    if (reading->is_last)
        return 0;
    if (number == 0) {
        reading->is_last = true;
        reading->rest = (struct span){part_room(notes, reading->part), reading->part->len};
        return reading->rest.len > 0;
    }
    if (block_read(notes, number - 1) < 0)
        return -1;
    reading->rest = (struct span){notes->read, notes->blocks[number - 1].len};
    reading->next_block = notes->blocks[number - 1].next;
    return 1;
}

static uint32_t take_number(struct span *rest) {
    uint32_t number = 0;
    *rest = span_from(*rest, varint_get(*rest, &number));
    return number;
}

static struct span take_bytes(struct span *rest, size_t len) {
    struct span bytes = {rest->at, len};
    *rest = span_from(*rest, len);
    return bytes;
}

int notes_next(struct notes_reading *reading, struct note *note) {
    struct span *rest = &reading->rest;
    int more = rest->len > 0 ? 1 : reading_go_on(reading);
    if (more <= 0)
        return more;
    memcpy(&note->hash, take_bytes(rest, sizeof(note->hash)).at, sizeof(note->hash));
    note->entry = reading->entry += take_number(rest);
    uint32_t name_len = take_number(rest);
    uint32_t info_len = take_number(rest);
    note->name = take_bytes(rest, name_len);
    note->info = take_bytes(rest, info_len);
    return 1;
}
