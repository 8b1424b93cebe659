#include "import/forms.h"

#include "data/book.h"
#include "data/fold.h"
#include "data/utf8.h"

#include <errno.h>
#include <string.h>

enum {
    WORDS_MAX = BOOK_NAME_MAX / 2 + 1,
    RUNS_OF_MAX = 8,       /* words of a name; else one of many words would have too many forms */
    FORM_ROOM = 48 * 1024, /* as KEYS_ROOM */
};

struct words {
    struct span at[WORDS_MAX];
    size_t count;
};

/* Splits s at each part; what is between two of them is nothing that counts. */
static int split(struct span s, char part, struct words *words) {
    words->count = 0;
    while (s.len > 0) {
        const char *end = memchr(s.at, part, s.len);
        size_t len = end == NULL ? s.len : (size_t)(end - s.at);
        if (len > 0 && words->count == WORDS_MAX) {
            errno = ENAMETOOLONG;
            return -1;
        }
        if (len > 0)
            words->at[words->count++] = (struct span){s.at, len};
        s = span_from(s, end == NULL ? len : len + 1);
    }
    return 0;
}

static struct span initial(struct span word) {
    uint32_t point = 0;
    return (struct span){word.at, utf8_decode(word, &point)};
}

static bool has_initial(const struct words *words) {
    for (size_t i = 0; i < words->count; i++)
        if (initial(words->at[i]).len == words->at[i].len)
            return true;
    return false;
}

/* The words from first up to last as they stand in the name. */
static struct span run(const struct words *words, size_t first, size_t last) {
    const char *at = words->at[first].at;
    struct span end = words->at[last];
    return (struct span){at, (size_t)(end.at - at) + end.len};
}

/* Two parts of a name, with a space between. */
static int give_pair(const struct form_taker *to, struct span a, struct span b) {
    char bytes[FORM_ROOM];
    struct text form = {.at = bytes, .cap = sizeof(bytes)};
    text_put(&form, a);
    text_put(&form, SPAN(" "));
    text_put(&form, b);
    return spell(to, text_span(&form), false);
}

static void put_initials(const struct words *words, size_t count, struct span part,
                         struct text *out) {
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            text_put(out, part);
        text_put(out, initial(words->at[i]));
    }
}

static int give_initials(const struct form_taker *to, const struct words *words) {
    char bytes[FORM_ROOM];
    struct text form = {.at = bytes, .cap = sizeof(bytes)};
    size_t last = words->count - 1;
    put_initials(words, words->count, SPAN(" "), &form);
    if (spell(to, text_span(&form), false) < 0)
        return -1;
    form.len = 0;
    put_initials(words, words->count, SPAN(""), &form);
    if (spell(to, text_span(&form), false) < 0 ||
        give_pair(to, initial(words->at[0]), words->at[last]) < 0)
        return -1;
    if (last == 1)
        return 0;
    form.len = 0;
    put_initials(words, last, SPAN(" "), &form);
    if (give_pair(to, text_span(&form), words->at[last]) < 0)
        return -1;
    return give_pair(to, initial(words->at[0]), run(words, 1, last));
}

/* Given names and family names of several words, and what is left when those
 * in the middle are. */
static int give_runs(const struct form_taker *to, const struct words *words) {
    size_t last = words->count - 1;
    if (give_pair(to, words->at[0], words->at[last]) < 0)
        return -1;
    for (size_t i = 1; i < last && words->count <= RUNS_OF_MAX; i++)
        if (spell(to, run(words, 0, i), false) < 0 || spell(to, run(words, i, last), false) < 0)
            return -1;
    return 0;
}

static int give_parts(const struct form_taker *to, struct span word) {
    struct words parts;
    if (split(word, '-', &parts) < 0)
        return -1;
    for (size_t i = 0; i < parts.count && parts.count > 1; i++)
        if (spell(to, parts.at[i], false) < 0)
            return -1;
    return 0;
}

static int give_words(const struct form_taker *to, const struct words *words) {
    if (words->count > 1 && give_initials(to, words) < 0)
        return -1;
    if (words->count > 2 && give_runs(to, words) < 0)
        return -1;
    for (size_t i = 0; i < words->count; i++) {
        if (words->count > 1 && spell(to, words->at[i], false) < 0)
            return -1;
        if (give_parts(to, words->at[i]) < 0)
            return -1;
    }
    return 0;
}

/* Puts the words of SMITH, JOHN as JOHN SMITH. False: there is no comma, or not
 * just one with something behind it. */
static bool put_turned(struct span key, struct text *out) {
    char bytes[FORM_ROOM];
    struct text turned = {.at = bytes, .cap = sizeof(bytes)};
    const char *comma = key.len > 0 ? memchr(key.at, ',', key.len) : NULL;
    if (comma == NULL)
        return false;
    size_t before = (size_t)(comma - key.at);
    struct span behind = span_from(key, before + 1);
    if (behind.len == 0 || memchr(behind.at, ',', behind.len) != NULL)
        return false;
    text_put(&turned, behind);
    text_put(&turned, SPAN(","));
    text_put(&turned, (struct span){key.at, before});
    fold_words(text_span(&turned), out);
    return true;
}

int forms_of(struct span key, const struct form_taker *to) {
    char bytes[FORM_ROOM + 1];
    struct text room = {.at = bytes, .cap = sizeof(bytes)};
    struct words words;
    if (key.len > FORM_ROOM / 2) {
        errno = ENAMETOOLONG;
        return -1;
    }
    fold_words(key, &room);
    struct span plain = text_span(&room);
    struct span ordered = plain;
    if (put_turned(key, &room))
        ordered = span_from(text_span(&room), plain.len);
    if (split(ordered, ' ', &words) < 0)
        return -1;
    /* Else who asks for the whole name, without or with its dots, asks for its key. */
    if ((!span_equal(plain, key) || has_initial(&words)) && spell_marked(to, plain, true) < 0)
        return -1;
    if (spell_unmarked(to, plain, true) < 0)
        return -1;
    if (!span_equal(plain, ordered) && spell(to, ordered, true) < 0)
        return -1;
    return give_words(to, &words);
}
