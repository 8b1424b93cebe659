/* Fuzzes splitting names and requests into words. */
#include "data/words.h"
#include "data/book.h"
#include "settle.h"

static bool is_inside(struct span s, const struct words *words) {
    return s.len > 0 && s.at >= words->room && s.at + s.len <= words->room + sizeof(words->room);
}

/* Splitting a word must give the same single word. */
static void must_be_word(const struct word *word) {
    static struct words again;
    size_t used = 0;
    must(memchr(word->text.at, ' ', word->text.len) == NULL);
    must(memchr(word->text.at, '-', word->text.len) == NULL);
    must(word->bare.len <= word->text.len && memchr(word->bare.at, '\'', word->bare.len) == NULL);
    must(words_letter(word->text, &used) == word->initial && used > 0 && used <= word->text.len);
    must(word->is_letter == (used == word->text.len));
    /* A word is a letter with its marks and apostrophes, and without: its lists are told apart so.
     */
    must(words_letter(word->bare, &used) == word->initial);
    must(word->is_letter == (used == word->bare.len));
    words_of(word->text, &again);
    must(again.count == 1 && span_equal(again.at[0].text, word->text));
    must(span_equal(again.at[0].bare, word->bare) && again.at[0].initial == word->initial);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size) {
    static struct words words;
    struct span name = {(const char *)data, size};
    if (size > BOOK_NAME_MAX || !utf8_is_plain(name))
        return 0;
    struct text fold = room_for(size * FOLD_GROWTH);
    struct text joined = room_for(size * FOLD_GROWTH + WORDS_MAX);
    must(fold_name(name, &fold) == 0);
    words_of(text_span(&fold), &words);
    must(words.count <= WORDS_MAX);
    for (size_t i = 0, left = 0; i < words.count; i++, left--) {
        const struct word *word = &words.at[i];
        must(is_inside(word->text, &words) && is_inside(word->bare, &words));
        must((word->join == 0) == (left > 0));
        left = left == 0 ? word->join : left;
        must(i + left <= words.count);
        must_be_word(word);
    }
    words_join(&words, 0, words.count, false, &joined);
    must(!joined.full);
    free(fold.at);
    free(joined.at);
    return 0;
}
