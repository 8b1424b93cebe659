#include "data/needs.h"

void needs_clear(struct needs *needs) {
    needs->count = 0;
    needs->initials = 0;
    needs->is_decoded = false;
}

void needs_add(struct needs *needs, uint32_t letter, bool is_letter) {
    struct initial initial = {letter, is_letter, false};
    struct initial other = {letter, !is_letter, false};
    if (needs->count == NEEDS_MAX)
        return;
    bool is_again = (needs->initials & (initial_bit(initial) | initial_bit(other))) != 0;
    needs->is_decoded = needs->is_decoded || is_again || letter < 'A' || letter > 'Z';
    needs->initials |= initial_bit(initial);
    needs->at[needs->count++] = initial;
}

void needs_add_letters(struct needs *needs, struct span text) {
    uint32_t letter;
    for (size_t used; (letter = words_letter(text, &used)), used > 0; text = span_from(text, used))
        needs_add(needs, letter, true);
}

bool needs_are_letters(struct span text) {
    size_t count = 0;
    for (size_t used; words_letter(text, &used), used > 0; text = span_from(text, used))
        count++;
    return count > 1 && count <= NEEDS_GLUED_MAX;
}

/* An initial that is not used yet, of a word that is that letter, or of a longer one; or -1. */
static int initial_find(const struct posting *posting, uint32_t used, struct initial wanted) {
    for (size_t i = 0; i < posting->count; i++)
        if ((used >> i & 1) == 0 && posting->others[i].letter == wanted.letter &&
            posting->others[i].is_word == wanted.is_word)
            return (int)i;
    return -1;
}

static bool needs_met_by(const struct needs *needs, const struct posting *posting, bool *is_whole) {
    uint32_t used = 0;
    for (size_t i = 0; i < needs->count; i++) {
        struct initial wanted = needs->at[i];
        int at = initial_find(posting, used, wanted);
        if (at < 0 && wanted.is_word) {
            wanted.is_word = false;
            at = initial_find(posting, used, wanted);
            *is_whole = false;
        }
        if (at < 0)
            return false;
        used |= UINT32_C(1) << at;
    }
    return true;
}

int needs_met_decoded(const struct needs *needs, const struct posting_brief *brief,
                      bool *is_whole) {
    struct posting posting;
    struct span info = {brief->info, brief->len};
    return posting_get(info, &posting) == 0 ? -1 : needs_met_by(needs, &posting, is_whole);
}

bool needs_letter_is_word(const struct posting *posting, uint32_t letter) {
    return initial_find(posting, 0, (struct initial){letter, true, false}) >= 0;
}

bool needs_are_all(const struct posting *posting, const uint32_t *letters, size_t count,
                   bool is_joined) {
    size_t same = 0;
    for (size_t i = 0; i < posting->count; i++) {
        if (is_joined && i > 0 && posting->others[i].is_joined)
            continue;
        if (same == count || posting->others[i].letter != letters[same])
            return false;
        same++;
    }
    return same == count;
}

size_t needs_letters(const struct words *words, size_t glued, uint32_t letters[NEEDS_LETTERS_MAX]) {
    size_t count = 0;
    for (size_t i = 0; i < words->count; i++) {
        struct span text = words->at[i].text;
        for (size_t used = 1; count < NEEDS_LETTERS_MAX && used > 0; text = span_from(text, used)) {
            letters[count] = words_letter(text, &used);
            count += used > 0;
            if (i + 1 != glued)
                break;
        }
    }
    return count;
}
