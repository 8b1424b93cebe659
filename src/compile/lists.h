/* Lists of postings while they grow, in memory: data/postings.h has what is in them. */
#ifndef LOOKUP_LISTS_H
#define LOOKUP_LISTS_H

#include "data/bytes.h"
#include "data/postings.h"

enum {
    LISTS_MAX = 1 << 19, /* all of it takes 48 MiB when it is full */
    LISTS_SLOTS = 2 * LISTS_MAX,
    LISTS_ROOM = 40 << 20,
    LISTS_BATCH_FULL = 128,
    LISTS_BATCH = LISTS_BATCH_FULL + 4 * WORDS_MAX, /* and those of one more name */
    LISTS_TEXT_FULL = 16 << 10,
    LISTS_TEXT = LISTS_TEXT_FULL + 32 * WORDS_ROOM,
};

/* Its name follows it, and then its first run: what is looked at together stands together. */
struct list {
    uint32_t hash; /* of the name */
    uint32_t name_len;
    uint32_t count; /* of postings: as in the head of the list */
    uint32_t dropped;
    uint32_t alone;
    uint32_t entry; /* the last one's */
    uint32_t first; /* where the first run stands in room, and the one that is being filled */
    uint32_t last;
};

/* Bytes of whole postings, which follow, and where the next run is; 0: it is the last. */
struct list_run {
    uint32_t next;
    uint16_t len;
    uint16_t cap;
};

struct list_slot {
    uint32_t hash;
    uint32_t list; /* where it stands in room; 0: the slot is free */
};

/* A posting that is still to be added. */
struct list_note {
    uint32_t hash;
    uint32_t entry;
    uint32_t text; /* where the list's name stands in the batch's, and behind it the posting */
    uint32_t name_len;
    uint32_t posting_len;
    bool is_dropped;
    bool is_alone;
};

/* Many at a time are added faster: the memory where they belong is waited for once. */
struct list_batch {
    size_t count;
    size_t text_len;
    struct list_note at[LISTS_BATCH];
    char text[LISTS_TEXT];
};

struct lists {
    struct list_slot *slots;
    struct list_batch *batch;
    char *room;
    uint32_t count;
    uint32_t used; /* of room */
};

/* 0, or -1 ENOMEM; to be ended in any case. */
int lists_begin(struct lists *lists);
void lists_end(struct lists *lists);

/* Forgets all lists. */
void lists_clear(struct lists *lists);

/* Notes a posting of the list of that name. is_alone: the posting's name has no other word. True:
 * lists_add should come before those of the next name. */
bool lists_note(struct lists *lists, struct span name, const struct posting *posting,
                bool is_alone);

/* True if there may not be room for all that is noted. */
bool lists_are_full(const struct lists *lists);

/* Adds all that is noted to its lists, which are made if they are new; but of several postings of
 * one entry only the first. False: there is no room. */
bool lists_add(struct lists *lists);

/* Where all lists stand, in the order of list_compare, in memory that is to be freed; NULL: ENOMEM.
 */
uint32_t *lists_sorted(const struct lists *lists);

/* By hash, then by name. */
int list_compare(uint32_t hash_a, struct span name_a, uint32_t hash_b, struct span name_b);

static inline const struct list *list_at(const struct lists *lists, uint32_t offset) {
    return (const struct list *)(lists->room + offset);
}

static inline struct span list_name(const struct list *list) {
    return (struct span){(const char *)(list + 1), list->name_len};
}

/* The run at offset. */
static inline const struct list_run *list_run(const struct lists *lists, uint32_t offset) {
    return (const struct list_run *)(lists->room + offset);
}

static inline struct span list_run_bytes(const struct lists *lists, uint32_t offset) {
    const struct list_run *run = list_run(lists, offset);
    return (struct span){(const char *)(run + 1), run->len};
}

#endif
