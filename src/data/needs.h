/* The words that a name must have besides the word whose list is read. A posting holds the initials
 * of the other words, so no name has to be read to decide that. */
#ifndef LOOKUP_NEEDS_H
#define LOOKUP_NEEDS_H

#include "data/postings.h"

enum {
    NEEDS_GLUED_MAX = 5, /* initials in a row without blanks */
    NEEDS_LETTERS_MAX = WORDS_MAX + NEEDS_GLUED_MAX,
    NEEDS_MAX = WORDS_MAX + 8, /* further ones are ignored */
};

struct needs {
    struct initial at[NEEDS_MAX];
    size_t count;
    size_t words;      /* the least number of words in the name */
    uint64_t initials; /* initial_bit of each */
    bool is_decoded;   /* the bits do not decide: a letter comes twice, or is none of A to Z */
};

void needs_clear(struct needs *needs);

/* Adds a word that begins with letter. is_letter: adds the letter itself, which a longer word with
 * that initial satisfies, too. */
void needs_add(struct needs *needs, uint32_t letter, bool is_letter);

/* Returns true if a word may be initials without blanks: it has 2 to NEEDS_GLUED_MAX letters. One
 * letter alone is not read as initials. */
bool needs_are_letters(struct span text);

/* Adds each letter of a word that may be initials. */
void needs_add_letters(struct needs *needs, struct span text);

/* Decides whether the name of brief has a word for each need. The needs choose in the order in
 * which they were added, each another word. A letter chooses a longer word if no word is just that
 * letter; this clears *is_whole. Returns 1, 0, or -1 if the posting is malformed. */
int needs_met_decoded(const struct needs *needs, const struct posting_brief *brief, bool *is_whole);

/* Returns 1 if the name of brief has a word for each need, 0 if it has not, or -1 if the posting is
 * malformed. Sets *is_whole to whether the name has no further words. own is the number of the
 * name's words that are not among the posting's others.
 *
 * brief must come from postings_next with needs->initials, so the name has each initial. If all
 * are different letters, no two of them can mean the same word, and that decides. Otherwise
 * is_decoded is set. */
static inline int needs_met(const struct needs *needs, const struct posting_brief *brief,
                            size_t own, bool *is_whole) {
    if (brief->count + own < needs->words)
        return 0;
    *is_whole = brief->count + own == needs->words;
    if (needs->is_decoded)
        return needs_met_decoded(needs, brief, is_whole);
    *is_whole = *is_whole && (needs->initials & ~brief->initials) == 0;
    return 1;
}

/* Returns true if a word of posting's name is that letter. */
bool needs_letter_is_word(const struct posting *posting, uint32_t letter);

/* Returns true if these are all initials of posting's name. With is_joined, words that are joined
 * to the word before them do not count. */
bool needs_are_all(const struct posting *posting, const uint32_t *letters, size_t count,
                   bool is_joined);

/* Collects the first letter of each word, and all letters of word number glued - 1 (0: of none).
 * Returns their number. */
size_t needs_letters(const struct words *words, size_t glued, uint32_t letters[NEEDS_LETTERS_MAX]);

#endif
