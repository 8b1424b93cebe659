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
    size_t words; /* the least number of words in the name */
};

/* Adds a word that begins with letter. is_letter: adds the letter itself, which a longer word with
 * that initial satisfies, too. */
void needs_add(struct needs *needs, uint32_t letter, bool is_letter);

/* Adds each letter of a word that may be initials. */
void needs_add_letters(struct needs *needs, struct span text);

/* Returns true if posting's name satisfies all of them, each by another word. Those added first
 * choose first. own words of the name are not among the posting's others. Sets *is_whole if the
 * name has no further words. */
bool needs_met(const struct needs *needs, const struct posting *posting, size_t own,
               bool *is_whole);

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
