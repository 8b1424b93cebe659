/* Postings on their way from names to lists: they are noted in the order of the entries, and come
 * back part by part, each with all postings of its lists, in the same order. So a list grows beside
 * few others. What has no room in memory waits in a file without a name beside the book. */
#ifndef LOOKUP_NOTES_H
#define LOOKUP_NOTES_H

#include "compile/atomic_file.h"
#include "data/postings.h"

enum {
    NOTES_PARTS = 256, /* by the upper 8 bits of the hash of the list's name */
    NOTES_ROOM = 1 << 16,
    NOTE_MAX = 4 + 3 * 5 + WORDS_ROOM + POSTING_MAX,
};

struct note {
    uint32_t hash; /* cdbread_hash(name) */
    uint32_t entry;
    struct span name; /* of the list */
    struct span info; /* as posting_put has it; empty in a list of initials */
};

struct notes_part {
    uint32_t len;         /* bytes in memory */
    uint32_t entry;       /* of the last note */
    uint32_t first_block; /* numbers of blocks in the file, plus 1; 0: none */
    uint32_t last_block;
};

struct notes {
    const struct atomic_file *beside;
    char *room; /* NOTES_ROOM bytes a part: those in memory; NULL: it has not begun */
    char *read; /* the block being read */
    int fd;     /* the file; -1: there is none */
    struct notes_block *blocks;
    uint32_t block_count;
    struct notes_part parts[NOTES_PARTS];
};

/* A part being read. */
struct notes_reading {
    struct notes *notes;
    const struct notes_part *part;
    uint32_t next_block; /* as above; 0: what is in memory is next */
    bool is_last;        /* nothing is next */
    uint32_t entry;
    struct span rest; /* of what is there */
};

/* All return 0, or -1 and errno: ENOMEM, ENOSPC and its like. To be ended in any case, also if it
 * is all zero. */
int notes_begin(struct notes *notes, const struct atomic_file *beside);
void notes_end(struct notes *notes);

/* name is of at most WORDS_ROOM bytes, info of POSTING_MAX. */
int notes_add(struct notes *notes, const struct note *note);

void notes_read(struct notes *notes, uint32_t part, struct notes_reading *reading);

/* The next note, there until the one after. 1, 0: no more, -1 and errno. */
int notes_next(struct notes_reading *reading, struct note *note);

#endif
