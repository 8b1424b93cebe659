/* Collects the lists of postings (data/postings.h) of one part of the notes, in memory. */
#ifndef LOOKUP_LISTS_H
#define LOOKUP_LISTS_H

#include "compile/notes.h"
#include "data/siphash.h"

/* Groups in a part; the lists of a group may share a record. */
enum { LISTS_GROUPS = (1 << POSTINGS_GROUP_BITS) / NOTES_PARTS };

/* A run of whole postings. Its bytes follow the struct. */
struct posting_run {
    struct posting_run *next;
    uint16_t len; /* bytes in use */
    uint16_t cap; /* bytes allocated */
};

/* A list. Its name follows the struct, then its first run: memory that is used together is
 * adjacent. */
struct posting_list {
    struct posting_list *next; /* the next list of its group */
    struct posting_run *first;
    struct posting_run *last; /* the run that is being filled */
    uint32_t hash;            /* cdbread_hash of the name; determines the group */
    uint32_t slot_hash;       /* siphash of the name; determines the slot */
    uint32_t name_len;
    uint32_t count;   /* number of postings; with the next two, the head of the list */
    uint32_t dropped; /* postings whose word has lost marks */
    uint32_t alone;   /* postings of names without another word */
    uint32_t entry;   /* entry of the last posting */
    size_t len;       /* bytes of all postings */
    bool is_letter;   /* the name is a single letter */
};

struct lists {
    struct siphash_key key;      /* random, so that no source can choose many names of one slot */
    struct posting_list **slots; /* hash table of the lists, at most half full */
    size_t slot_count;
    size_t count;
    struct lists_room *rooms; /* memory of the lists */
    struct lists_room *room;  /* the room that is being filled */
    /* the lists of each group, in the order they were added */
    struct posting_list *first[LISTS_GROUPS];
    struct posting_list *last[LISTS_GROUPS];
};

/* Starts without lists. Returns 0, or -1 with errno: ENOMEM, or an error of getrandom(2). Call
 * lists_end in any case. */
int lists_begin(struct lists *lists);
void lists_end(struct lists *lists);

/* Removes all lists, but keeps their memory for the next ones. */
void lists_clear(struct lists *lists);

/* Adds the posting of note to its list, and creates the list if it is new. Ignores all but the
 * first posting of an entry in a list. All notes must be of one part, in the order of their
 * entries. Returns 0, or -1 with errno ENOMEM. */
int lists_add(struct lists *lists, const struct note *note);

static inline struct span posting_list_name(const struct posting_list *list) {
    return (struct span){(const char *)(list + 1), list->name_len};
}

static inline struct span posting_run_bytes(const struct posting_run *run) {
    return (struct span){(const char *)(run + 1), run->len};
}

#endif
