/* The lists of a part of the index while they grow, in memory: data/postings.h has what is in them.
 */
#ifndef LOOKUP_LISTS_H
#define LOOKUP_LISTS_H

#include "compile/notes.h"
#include "data/siphash.h"

enum { LISTS_GROUPS = (1 << POSTINGS_GROUP_BITS) / NOTES_PARTS };

/* Bytes of whole postings, which follow. */
struct list_run {
    struct list_run *next;
    uint16_t len;
    uint16_t cap;
};

/* Its name follows it, and then its first run: what is looked at together stands together. */
struct list {
    struct list *next; /* of its group: those that may share a record */
    struct list_run *first;
    struct list_run *last; /* which is being filled */
    uint32_t hash;         /* cdbread_hash of the name: which lists share a record */
    uint32_t slot_hash;    /* of the name, by the key of the table */
    uint32_t name_len;
    uint32_t count; /* of postings: as in the head of the list */
    uint32_t dropped;
    uint32_t alone;
    uint32_t entry; /* the last one's */
    size_t len;     /* bytes of postings */
    bool is_letter;
};

struct lists {
    struct siphash_key key; /* random: no source can aim many names at one slot */
    struct list **slots;    /* a hash table */
    size_t slot_count;
    size_t count;
    struct lists_room *rooms; /* where they are */
    struct lists_room *room;  /* of these, the one that is being filled */
    struct list *first[LISTS_GROUPS];
    struct list *last[LISTS_GROUPS];
};

/* 0, or -1 and errno: ENOMEM, or why there is no random key. To be ended in any case. */
int lists_begin(struct lists *lists);
void lists_end(struct lists *lists);

/* Forgets all lists, but keeps their memory. */
void lists_clear(struct lists *lists);

/* Adds a posting to its list, which is made if it is new; but of several of one entry only the
 * first. Notes are to be of one part. 0, or -1 ENOMEM. */
int lists_add(struct lists *lists, const struct note *note);

static inline struct span list_name(const struct list *list) {
    return (struct span){(const char *)(list + 1), list->name_len};
}

static inline struct span list_run_bytes(const struct list_run *run) {
    return (struct span){(const char *)(run + 1), run->len};
}

#endif
