/* Who has a word in his name: for each word a list, a posting for each entry.
 *
 * Short lists of words whose hashes (cdbread_hash) have the same upper POSTINGS_GROUP_BITS share a
 * record: under BOOK_LISTS and these, two bytes, the lower one first, stand the length of each
 * word, that of its postings, both varints, and those bytes.
 *
 * Of other words, under BOOK_LIST and the word there is how many postings the list has, how many of
 * them are of names whose word lost marks (struct posting), and how many of names that
 * have no other word, a varint each; then the first postings. The others follow under
 * BOOK_LIST_MORE, two bytes (1, 2 ..., the lower one first) and the word.
 *
 * A posting is a varint, by how much the number of its entry is larger than the one
 * before (the first: than 0), and then a byte for each other word of the name: bits 0 to
 * 4, its initial, 1 for A, 26 for Z, 0 if a varint with the code point follows; INITIAL_*
 * bits. Without other words it is NO_OTHERS. A word that is a single letter counts as one
 * of the others, so that all initials are there, in the order of the name. A list of
 * initials (postings_initials) has the numbers alone.
 *
 * Varints are of 7 bits a byte, the lowest first; bit 7 says that more follow. */
#ifndef LOOKUP_POSTINGS_H
#define LOOKUP_POSTINGS_H

#include "data/book.h"
#include "data/words.h"

enum {
    POSTINGS_FIRST = 440,   /* bytes of the first record's value, so that one piece holds it */
    POSTINGS_SHARED = 384,  /* of a list that is not in a record of its own, at most */
    POSTINGS_LISTS = 16384, /* of a record of several lists, at most */
    POSTINGS_GROUP_BITS = 14,
    POSTINGS_CHUNK = 16384, /* of each of the others */
    POSTING_MAX = 5 + WORDS_MAX * 4,
    NO_OTHERS = 0x1F,
    INITIAL_LETTER = 0x1F,
    INITIAL_IS_WORD = 0x20, /* the word is that letter */
    INITIAL_MORE = 0x40,    /* another one follows */
    INITIAL_DROPPED = 0x80, /* in the first byte: the word lost marks to get into this list */
    INITIAL_JOINED = 0x80,  /* in the others: a hyphen joins the word to the one before */
};

/* What stands before the initials, in the order of speech, of a name: .JS */
#define POSTINGS_INITIALS SPAN(".")

struct initial {
    uint32_t letter;
    bool is_word;
    bool is_joined; /* not known of the first */
};

struct posting {
    uint32_t entry;
    bool is_dropped;
    size_t count; /* of others */
    struct initial others[WORDS_MAX];
};

/* A list being read. */
struct postings {
    const struct book *book;
    struct span name;  /* the word; the caller's */
    bool has_initials; /* it is no list of initials */
    uint32_t count;
    uint32_t dropped;
    uint32_t alone;
    bool is_shared;      /* it is in a record of several */
    uint32_t left;       /* postings not yet read */
    uint32_t chunk;      /* which record */
    uint32_t at;         /* offset in its value */
    uint32_t entry;      /* of the posting before */
    struct span value;   /* of the record; len 0: to be read again */
    uint32_t *allowance; /* bytes that may still be read */
};

/* Opens the list of that name, of at most BOOK_WORD_MAX bytes. 1, 0: there is none, -1: it
 * is broken. */
int postings_open(struct postings *list, const struct book *book, struct span name,
                  uint32_t *allowance);

/* The next posting: 1, 0: no more, or the allowance is used up, which is then 0; -1 the list
 * is broken. */
int postings_next(struct postings *list, struct posting *posting);

/* To be called when something else of the book was read in between. */
void postings_interrupt(struct postings *list);

/* Which short lists one of that hash shares a record with. */
static inline uint32_t postings_group(uint32_t hash) {
    return hash >> (32 - POSTINGS_GROUP_BITS);
}

/* Appends the key of the record of short lists where one of that hash stands. */
void postings_shared_key(uint32_t hash, struct text *out);

/* Takes the next list of such a record: its name and its bytes. False: there is none, or it is
 * broken, and then some of lists is left. */
bool postings_shared_next(struct span *lists, struct span *name, struct span *value);

/* Appends the key of record number chunk of the list of that name. */
void postings_key(struct span name, uint32_t chunk, struct text *out);

/* Appends a number. */
void varint_put_long(struct text *out, uint32_t number);
static inline void varint_put(struct text *out, uint32_t number) {
    if (number < 0x80 && out->len < out->cap) /* most are */
        out->at[out->len++] = (char)number;
    else
        varint_put_long(out, number);
}

/* Reads one at the start of s: its bytes, or 0 if there is none. */
size_t varint_get(struct span s, uint32_t *number);

/* Appends what follows the number of the entry. */
void posting_put(struct text *out, const struct posting *posting);

/* Reads that, at the start of s: its bytes, or 0 if there is none. */
size_t posting_get(struct span s, struct posting *posting);

/* What it says, info, of a posting of the word: that marks were lost; that the name has no other
 * word. It is empty in a list of initials, which says neither. */
bool posting_is_dropped(struct span info);
bool posting_is_alone(struct span info, bool is_letter);

/* True if the list is that of a single letter. */
bool postings_is_letter(struct span name);

#endif
