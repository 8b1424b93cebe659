/* Keeps postings until their lists are written. They are added in the order of the entries. They
 * are read back in NOTES_PARTS parts; each part has all postings of its lists, in the same order.
 * So only the lists of one part need memory at a time. A part whose buffer is full moves to a
 * scratch file without a name beside the book. */
#ifndef LOOKUP_NOTES_H
#define LOOKUP_NOTES_H

#include "compile/atomic_file.h"
#include "data/postings.h"

enum {
    NOTES_PARTS = 256,    /* chosen by the upper 8 bits of the hash of the list's name */
    NOTES_ROOM = 1 << 16, /* bytes of the buffer of a part, and of a block of the file */
    /* bytes of a note, at most: hash, three varints, name and info */
    NOTE_MAX = 4 + 3 * 5 + WORDS_ROOM + POSTING_MAX,
};

struct note {
    uint32_t hash; /* cdbread_hash(name) */
    uint32_t entry;
    struct span name; /* name of the list */
    struct span info; /* as posting_put writes it; empty for a list of initials */
};

struct notes_part {
    uint32_t len;         /* bytes in its buffer */
    uint32_t entry;       /* entry of the last note */
    uint32_t first_block; /* number of its first block in the file, plus 1; 0: there is none */
    uint32_t last_block;  /* likewise, of its last block */
};

struct notes {
    const struct atomic_file *beside;
    char *room; /* the buffers, NOTES_ROOM bytes for each part; NULL: notes_begin was not called */
    char *read; /* the current block, while reading */
    int fd;     /* the scratch file; -1: there is none */
    struct notes_block *blocks;
    uint32_t block_count;
    struct notes_part parts[NOTES_PARTS];
};

/* State of reading a part. */
struct notes_reading {
    struct notes *notes;
    const struct notes_part *part;
    uint32_t next_block; /* number plus 1; 0: the buffer is next */
    bool is_last;        /* the buffer was reached; nothing is next */
    uint32_t entry;      /* entry of the note before */
    struct span rest;    /* unread bytes of the block or buffer */
};

/* All functions that return int return 0, or -1 with errno, such as ENOMEM or ENOSPC. */

/* Starts without notes. The scratch file will be in the folder of beside, which must stay valid
 * until notes_end. Call notes_end in any case; it accepts a struct that is all zero. */
int notes_begin(struct notes *notes, const struct atomic_file *beside);
void notes_end(struct notes *notes);

/* Adds a note. Its name has at most WORDS_ROOM bytes, its info at most POSTING_MAX; its entry is
 * not below that of the note before. */
int notes_add(struct notes *notes, const struct note *note);

/* Starts reading part number part, below NOTES_PARTS. No note may be added from then on. */
void notes_read(struct notes *notes, uint32_t part, struct notes_reading *reading);

/* Reads the next note, which is valid until the next call. Returns 1, 0 after the last one, or -1
 * with errno. */
int notes_next(struct notes_reading *reading, struct note *note);

#endif
