/* What a name must have beside the word whose list is gone through: the initials that a posting
 * has tell it, so no name is read for that. */
#ifndef LOOKUP_NEEDS_H
#define LOOKUP_NEEDS_H

#include "data/postings.h"

enum { NEEDS_MAX = WORDS_MAX + 8 }; /* of more, the others are passed over */

struct needs {
    struct initial at[NEEDS_MAX];
    size_t count;
    size_t words; /* that a name must have at least */
};

/* Adds a word that begins with letter; or the letter alone, for which a longer word does, too. */
void needs_add(struct needs *needs, uint32_t letter, bool is_letter);

/* Likewise each letter of a word that may be initials. */
void needs_add_letters(struct needs *needs, struct span text);

/* True if posting's name has all of them, each in a word of its own; those added first choose
 * first. own of its words are none of the posting's others. Sets *is_whole if the name has nothing
 * else. */
bool needs_met(const struct needs *needs, const struct posting *posting, size_t own,
               bool *is_whole);

/* True if a word of posting's name is that letter. */
bool needs_letter_is_word(const struct posting *posting, uint32_t letter);

/* True if these are all initials of posting's name; is_joined: but those of words that are joined
 * to others. */
bool needs_are_all(const struct posting *posting, const uint32_t *letters, size_t count,
                   bool is_joined);

#endif
