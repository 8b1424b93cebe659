/* The word index. Each word has a list, with a posting for each entry that has the word in its
 * name.
 *
 * Short lists share records. All words whose hashes (cdbread_hash) have the same upper
 * POSTINGS_GROUP_BITS bits are in one record. Its key is BOOK_LISTS and the number of these bits
 * (postings_group), two bytes, lower one first. Its value has four parts for each word: two
 * varints, which are the length of the word and the length of its postings; the word; the
 * postings.
 *
 * The list of any other word has a record of its own under BOOK_LIST and the word. Its value
 * starts with three varints: the number of postings, how many of them are dropped (the name's
 * word has lost marks, see struct posting), and how many are of names without another word. The
 * first postings follow. The others are under BOOK_LIST_MORE, a number (1, 2 ..., two bytes,
 * lower one first) and the word.
 *
 * A posting starts with a varint: the entry's number minus that of the entry before, or minus
 * 0. A byte follows for each other word of the name: bits 0 to 4 are its initial (1 for A, 26
 * for Z, 0 if a varint with the code point follows), the others are INITIAL_* bits. NO_OTHERS
 * means that there are none. A word that is a single letter is among its own others, so that
 * these are all initials of the name in their order. A list of initials (POSTINGS_INITIALS) has
 * the entry numbers only.
 *
 * Varints have 7 bits a byte, the lowest first; bit 7 says that another byte follows. */
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
    POSTINGS_BRIEFS = 16,   /* postings that are read at a time */
    POSTING_MAX = 5 + WORDS_MAX * 4,
    NO_OTHERS = 0x1F,
    INITIAL_LETTER = 0x1F,
    INITIAL_IS_WORD = 0x20, /* the word is just that letter */
    INITIAL_MORE = 0x40,    /* another initial follows */
    INITIAL_DROPPED = 0x80, /* in the first byte: the word lost its marks */
    INITIAL_JOINED = 0x80,  /* in later bytes: a hyphen joins the word to the one before */
};

/* Precedes a name's initials, as people say them, in the name of a list: .JS */
#define POSTINGS_INITIALS SPAN(".")

struct initial {
    uint32_t letter;
    bool is_word;
    bool is_joined; /* unknown for the first */
};

struct posting {
    uint32_t entry;
    bool is_dropped;
    size_t count; /* number of others */
    struct initial others[WORDS_MAX];
};

/* A posting that is not decoded: what decides most requests. */
struct posting_brief {
    uint32_t entry;
    unsigned char count; /* number of others */
    bool is_dropped;
    unsigned short len; /* of info */
    const char *info;   /* for posting_get; valid as long as the list's value is */
    uint64_t initials;  /* initial_bit of each of the others */
};

/* State of reading a list. */
struct postings {
    const struct book *book;
    struct span name;  /* the word; memory of the caller */
    bool has_initials; /* false: a list of initials, without others */
    uint32_t count;
    uint32_t dropped;
    uint32_t alone;
    bool is_shared;      /* it is in a shared record */
    uint32_t left;       /* postings not yet read */
    uint32_t chunk;      /* number of the current record */
    uint32_t at;         /* offset in the record's value */
    uint32_t entry;      /* entry of the posting before */
    uint32_t offset;     /* of the record that is to be read again; 0: not known */
    struct span value;   /* value of the record; len 0: must be read again */
    uint32_t *allowance; /* bytes that this request may still read */
};

/* Opens the list of that name, which has at most BOOK_WORD_MAX bytes. Returns 1, or 0 if there
 * is none, or -1 if it is broken. A long search for it costs a part of the allowance
 * (data/list_record.h). */
int postings_open(struct postings *list, const struct book *book, struct span name,
                  uint32_t *allowance);

/* Reads on, and skips each posting whose entry is before least or that lacks one of the initials.
 * initials has the initial_bit of each initial that a name must have; a longer word will do where
 * a word of one letter is wanted. Sets briefs to the next postings, at most POSTINGS_BRIEFS, and
 * returns their number. Returns 0 after the last one, and also when the allowance is used up, which
 * is then 0. Returns -1 if the list is broken. */
int postings_next(struct postings *list, uint32_t least, uint64_t initials,
                  struct posting_brief briefs[POSTINGS_BRIEFS]);

/* Likewise, but reads at most to the end of a record, so that it also returns 0 if that has no such
 * posting. Then neither left nor the allowance is 0. */
int postings_step(struct postings *list, uint32_t least, uint64_t initials,
                  struct posting_brief briefs[POSTINGS_BRIEFS]);

/* True if the allowance, which was before when the list was begun, will not last to its end if the
 * rest takes as much as what was read. A record is charged when its first byte is read. */
static inline bool postings_is_too_long(const struct postings *list, uint32_t before) {
    bool is_charged = list->chunk > 0 && list->at < list->value.len;
    uint32_t ahead = is_charged ? (uint32_t)list->value.len - list->at : 0;
    uint64_t used = before - *list->allowance - ahead;
    uint64_t rest = (uint64_t)*list->allowance + ahead;
    return used * list->left > rest * (list->count - list->left);
}

/* The bit of an initial, one for each of A to Z, and one that all other letters share. The bits of
 * words that are just the letter are in the upper half, in the same order. */
static inline uint64_t initial_bit(struct initial initial) {
    bool is_ascii = initial.letter >= 'A' && initial.letter <= 'Z';
    return UINT64_C(1) << ((is_ascii ? initial.letter - 'A' + 1 : 0) +
                           (initial.is_word ? INITIAL_IS_WORD : 0));
}

/* The initials that are wanted, and neither there nor the beginning of a longer word. */
static inline uint64_t initials_lacking(uint64_t wanted, uint64_t initials) {
    return wanted & ~(initials | initials << INITIAL_IS_WORD);
}

/* Takes so many bytes off the allowance. Returns false if there are not so many left; it is then 0.
 */
bool postings_charge(const struct postings *list, size_t bytes);

/* Call this after reading something else from the book in between. */
void postings_interrupt(struct postings *list);

/* Which short lists one of that hash shares a record with. */
static inline uint32_t postings_group(uint32_t hash) {
    return hash >> (32 - POSTINGS_GROUP_BITS);
}

/* Appends the key of the shared record for words of that hash. */
void postings_shared_key(uint32_t hash, struct text *out);

/* Takes the next list off a shared record: its name and its value. Returns false at the end,
 * and also if the record is malformed; then lists is not empty. */
bool postings_shared_next(struct span *lists, struct span *name, struct span *value);

/* Appends the key of record number chunk of the list of that name. */
void postings_key(struct span name, uint32_t chunk, struct text *out);

/* Appends number as a varint. */
void varint_put_long(struct text *out, uint32_t number);
static inline void varint_put(struct text *out, uint32_t number) {
    if (number < 0x80 && out->len < out->cap) /* most are */
        out->at[out->len++] = (char)number;
    else
        varint_put_long(out, number);
}

/* Reads a varint at the start of s. Returns its length, or 0 if it is malformed. */
size_t varint_get(struct span s, uint32_t *number);

/* Appends the part of a posting after the entry's number. */
void posting_put(struct text *out, const struct posting *posting);

/* Reads that part at the start of s. Returns its length, or 0 if it is malformed. */
size_t posting_get(struct span s, struct posting *posting);

/* What it says, info, of a posting of the word: that marks were lost; that the name has no other
 * word. It is empty in a list of initials, which says neither. */
bool posting_is_dropped(struct span info);
bool posting_is_alone(struct span info, bool is_letter);

/* True if the list is that of a single letter. */
bool postings_is_letter(struct span name);

#endif
