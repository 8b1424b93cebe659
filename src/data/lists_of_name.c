#include "data/lists_of_name.h"

#include "data/utf8.h"

/* A word of a name, or several words joined by hyphens. */
struct part {
    const struct words *words;
    size_t first;
    size_t count;
};

static bool part_has_marks(const struct part *part) {
    for (size_t i = part->first; i < part->first + part->count; i++) {
        const struct word *word = &part->words->at[i];
        if (word->text.at != word->bare.at && !span_equal(word->text, word->bare))
            return true;
    }
    return false;
}

/* Returns the name of its list, with or without marks. It may be written to room. */
static struct span part_name(const struct part *part, bool bare, struct text *room) {
    const struct word *word = &part->words->at[part->first];
    if (part->count == 1)
        return bare ? word->bare : word->text;
    room->len = 0;
    words_join(part->words, part->first, part->count, bare, room);
    return text_span(room);
}

/* Returns true if the words of the name from at on are those of part, without marks. */
static bool part_is_plain_at(const struct part *part, size_t at) {
    const struct words *words = part->words;
    if (part->count > 1 && words->at[at].join != part->count)
        return false;
    for (size_t i = 0; i < part->count; i++)
        if (!span_equal(words->at[at + i].text, words->at[part->first + i].bare))
            return false;
    return true;
}

/* Returns true if the name has the same word without marks, too. */
static bool part_comes_plain(const struct part *part) {
    for (size_t i = 0; i < part->words->count; i++)
        if (part_is_plain_at(part, i))
            return true;
    return false;
}

/* Sets the initials of the other words. A word that is a single letter counts among its own others.
 * If the name has more than WORDS_MAX words, a "-" stands for the rest. */
static void part_others(const struct part *part, struct posting *posting) {
    bool is_letter = part->count == 1 && part->words->at[part->first].is_letter;
    posting->count = 0;
    for (size_t i = 0; i < part->words->count; i++) {
        const struct word *word = &part->words->at[i];
        if (is_letter || i < part->first || i >= part->first + part->count)
            posting->others[posting->count++] =
                (struct initial){word->initial, word->is_letter, word->join == 0};
    }
    if (part->words->is_cut && posting->count < WORDS_MAX)
        posting->others[posting->count++] = (struct initial){'-', true, false};
}

static int give_part(const struct part *part, uint32_t number, list_giver *give, void *context) {
    char bytes[WORDS_ROOM];
    struct text name = {.at = bytes, .cap = sizeof(bytes)};
    struct posting posting = {.entry = number};
    bool has_marks = part_has_marks(part);
    posting.is_dropped = has_marks && !part_comes_plain(part);
    part_others(part, &posting);
    if (give(context, part_name(part, true, &name), &posting) < 0)
        return -1;
    if (!has_marks)
        return 0;
    posting.is_dropped = false;
    return give(context, part_name(part, false, &name), &posting);
}

/* Gives the list of the name's initials: one for each word; with joined, one for all words that
 * hyphens join. */
static int give_initials(const struct words *words, bool joined, uint32_t number, list_giver *give,
                         void *context) {
    char bytes[1 + WORDS_MAX * 4];
    struct text name = {.at = bytes, .cap = sizeof(bytes)};
    struct posting posting = {.entry = number};
    size_t count = 0;
    text_put(&name, POSTINGS_INITIALS);
    for (size_t i = 0; i < words->count; i++) {
        if (joined && words->at[i].join == 0)
            continue;
        utf8_put(&name, words->at[i].initial);
        count++;
    }
    return count < 2 ? 0 : give(context, text_span(&name), &posting);
}

int lists_of_name(struct words *words, uint32_t number, struct span key, list_giver *give,
                  void *context) {
    bool has_joined = false;
    words_of(key, words);
    for (size_t i = 0; i < words->count; i++) {
        struct part part = {words, i, 1};
        if (give_part(&part, number, give, context) < 0)
            return -1;
        part.count = words->at[i].join;
        has_joined = has_joined || part.count > 1;
        if (part.count > 1 && give_part(&part, number, give, context) < 0)
            return -1;
    }
    if (words->is_cut)
        return 0;
    if (give_initials(words, false, number, give, context) < 0)
        return -1;
    return has_joined ? give_initials(words, true, number, give, context) : 0;
}
