/* Words as they may have been written with other spaces. */
#include "data/utf8.h"
#include "data/words.h"

enum { SPLIT_MAX = 12 }; /* letters of a word that is taken apart */

static const struct {
    uint32_t first, last;
} unspaced[] = {
    {0x1100, 0x11FF},   /* Hangul, decomposed */
    {0x3005, 0x3007},   /* signs of repetition, zero */
    {0x3041, 0x30FF},   /* kana */
    {0x3400, 0x9FFF},   /* Han */
    {0xF900, 0xFAFF},   /* ... compatible with older sets */
    {0x20000, 0x3FFFF}, /* ... rare ones */
};

static bool is_unspaced_letter(uint32_t point) {
    for (size_t i = 0; i < sizeof(unspaced) / sizeof(*unspaced); i++)
        if (point >= unspaced[i].first && point <= unspaced[i].last)
            return true;
    return false;
}

/* True if none of it is a letter of a script that sets spaces. */
static bool is_unspaced(struct span s) {
    uint32_t point = 0;
    for (size_t used; (used = utf8_decode(s, &point)) > 0; s = span_from(s, used))
        if (!is_unspaced_letter(point) && point != 0x3099 && point != 0x309A)
            return false;
    return true;
}

static bool are_unspaced(const struct words *words) {
    for (size_t i = 0; i < words->count; i++)
        if (!is_unspaced(words->at[i].text))
            return false;
    return words->count > 0;
}

/* In two, behind so many letters. */
static bool put_split(struct span word, size_t letters, struct text *out) {
    size_t before = 0;
    size_t used = 0;
    for (size_t i = 0; i < letters && i < SPLIT_MAX; i++, before += used)
        if (words_letter(span_from(word, before), &used), used == 0)
            return false;
    if (letters >= SPLIT_MAX || before == word.len)
        return false;
    text_put(out, (struct span){word.at, before});
    text_put(out, SPAN(" "));
    text_put(out, span_from(word, before));
    return true;
}

/* True if word i is a letter, and the next one is none. */
static bool is_before_word(const struct words *words, size_t i) {
    const struct word *next = &words->at[i + 1];
    return words->at[i].is_letter && !next->is_letter && next->join > 0;
}

/* The words without spaces. */
static void put_together(const struct words *words, struct text *out) {
    for (size_t i = 0; i < words->count; i++)
        text_put(out, words->at[i].text);
}

/* The words, but with an apostrophe behind word letter. */
static void put_with_apostrophe(const struct words *words, size_t letter, struct text *out) {
    for (size_t i = 0; i < words->count; i++) {
        text_put(out, words->at[i].text);
        if (i + 1 < words->count)
            text_put(out, i == letter                  ? SPAN("'")
                          : words->at[i + 1].join == 0 ? SPAN("-")
                                                       : SPAN(" "));
    }
}

bool words_respaced(const struct words *words, size_t way, struct text *out) {
    if (are_unspaced(words)) {
        if (words->count == 1)
            return put_split(words->at[0].text, way + 1, out);
        put_together(words, out);
        return way == 0;
    }
    for (size_t i = 0; i + 1 < words->count; i++)
        if (is_before_word(words, i) && way-- == 0) {
            put_with_apostrophe(words, i, out);
            return true;
        }
    return false;
}
