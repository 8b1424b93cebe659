#include "compile/name_forms.h"

#include "data/book.h"
#include "data/fold.h"
#include "data/utf8.h"

#include <errno.h>
#include <string.h>

enum {
    WORDS_MAX = BOOK_NAME_MAX / 2 + 1,
    RUNS_OF_MAX = 8,       /* words of a name; else one of many words would have too many forms */
    FORM_ROOM = 48 * 1024, /* as NAME_KEYS_ROOM */
};

struct words {
    struct span at[WORDS_MAX];
    size_t count;
};

/* Splits s at blanks, dots and commas; no word starts with a hyphen. */
static int split(struct span s, struct words *words) {
    words->count = 0;
    for (;;) {
        size_t len = 0;
        while (s.len > 0 && strchr(" .,-", s.at[0]) != NULL)
            s = span_from(s, 1);
        while (len < s.len && strchr(" .,", s.at[len]) == NULL)
            len++;
        if (len == 0)
            return 0;
        if (words->count == WORDS_MAX) {
            errno = ENAMETOOLONG;
            return -1;
        }
        words->at[words->count++] = (struct span){s.at, len};
        s = span_from(s, len);
    }
}

static struct span initial(struct span word) {
    uint32_t point = 0;
    return (struct span){word.at, utf8_decode(word, &point)};
}

/* The words from first up to last as they stand in the name. */
static struct span run(const struct words *words, size_t first, size_t last) {
    const char *at = words->at[first].at;
    struct span end = words->at[last];
    return (struct span){at, (size_t)(end.at - at) + end.len};
}

/* Two parts of a name, with a space between. */
static int give_pair(const struct form_events *to, struct span a, struct span b) {
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

static int give_initials(const struct form_events *to, const struct words *words) {
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
    form.len = 0;
    put_initials(words, last, SPAN(""), &form);
    if (give_pair(to, text_span(&form), words->at[last]) < 0)
        return -1;
    return give_pair(to, initial(words->at[0]), run(words, 1, last));
}

/* Given names and family names of several words, and what is left when those
 * in the middle are. */
static int give_runs(const struct form_events *to, const struct words *words) {
    size_t last = words->count - 1;
    if (give_pair(to, words->at[0], words->at[last]) < 0)
        return -1;
    for (size_t i = 1; i < last && words->count <= RUNS_OF_MAX; i++)
        if (spell(to, run(words, 0, i), false) < 0 || spell(to, run(words, i, last), false) < 0)
            return -1;
    return 0;
}

/* All the forms of less than the whole. */
static int give_parts(const struct form_events *to, const struct words *words) {
    if (words->count < 2)
        return 0;
    if (give_initials(to, words) < 0)
        return -1;
    if (words->count > 2 && give_runs(to, words) < 0)
        return -1;
    for (size_t i = 0; i < words->count; i++)
        if (spell(to, words->at[i], false) < 0)
            return -1;
    return 0;
}

/* The same of a name with hyphens, as if they were blanks, and that as a whole. */
static int give_parted(const struct form_events *to, struct span name, struct words *words) {
    char bytes[FORM_ROOM];
    struct text parted = {.at = bytes, .cap = sizeof(bytes)};
    text_put(&parted, name);
    for (size_t i = 0; i < parted.len; i++)
        if (bytes[i] == '-')
            bytes[i] = ' ';
    if (split(text_span(&parted), words) < 0 || spell(to, text_span(&parted), true) < 0)
        return -1;
    return give_parts(to, words);
}

/* Puts SMITH, JOHN as JOHN SMITH. False: there is no comma, or not just one with
 * something behind it. */
static bool put_turned(struct span key, struct text *out) {
    const char *comma = key.len > 0 ? memchr(key.at, ',', key.len) : NULL;
    if (comma == NULL)
        return false;
    size_t before = (size_t)(comma - key.at);
    struct span behind = span_from(key, before + 1);
    if (behind.len == 0 || memchr(behind.at, ',', behind.len) != NULL)
        return false;
    text_put(out, behind);
    text_put(out, SPAN(" "));
    text_put(out, (struct span){key.at, before});
    return true;
}

/* Who asks for the whole name, with the dots, hyphens and apostrophes that he is
 * used to, does not always ask for its key. */
static bool is_asked_otherwise(struct span key, struct span plain, const struct words *words) {
    if (!span_equal(plain, key))
        return true;
    for (size_t i = 0; i < key.len; i++)
        if (strchr(".,-'", key.at[i]) != NULL)
            return true;
    for (size_t i = 0; i < words->count; i++)
        if (initial(words->at[i]).len == words->at[i].len)
            return true;
    return false;
}

int name_forms_of(struct span key, const struct form_events *to) {
    char bytes[FORM_ROOM + 1];
    struct text room = {.at = bytes, .cap = sizeof(bytes)};
    struct words words;
    if (key.len > FORM_ROOM / 2) {
        errno = ENAMETOOLONG;
        return -1;
    }
    fold_punctuation(key, &room);
    struct span plain = text_span(&room);
    bool turned = put_turned(plain, &room);
    struct span ordered = turned ? span_from(text_span(&room), plain.len) : plain;
    if (split(ordered, &words) < 0)
        return -1;
    if (is_asked_otherwise(key, plain, &words) && accents_kept(to, plain, true) < 0)
        return -1;
    if (accents_dropped(to, plain, true) < 0)
        return -1;
    if (turned && spell(to, ordered, true) < 0)
        return -1;
    if (give_parts(to, &words) < 0)
        return -1;
    bool has_hyphen = key.len > 0 && memchr(plain.at, '-', plain.len) != NULL;
    return has_hyphen ? give_parted(to, ordered, &words) : 0;
}
