#include "data/matches.h"

#include "data/entries.h"

/* Keeps the first entries in ascending order, each once. */
static void kind_insert(struct matches_kind *kind, uint32_t entry) {
    uint32_t at = kind->kept;
    while (at > 0 && kind->at[at - 1] > entry)
        at--;
    if (at == BOOK_LINES_MAX || (at > 0 && kind->at[at - 1] == entry))
        return;
    if (kind->kept < BOOK_LINES_MAX)
        kind->kept++;
    for (uint32_t i = kind->kept - 1; i > at; i--)
        kind->at[i] = kind->at[i - 1];
    kind->at[at] = entry;
}

static inline void kind_add(struct matches_kind *kind, uint32_t entry, bool is_new) {
    kind->count += is_new;
    if (kind->kept < BOOK_LINES_MAX || entry < kind->at[BOOK_LINES_MAX - 1]) /* few are */
        kind_insert(kind, entry);
}

void matches_add(struct matches *matches, uint32_t entry, bool agrees, bool is_whole, bool is_new) {
    kind_add(&matches->all, entry, is_new);
    if (agrees || is_whole)
        kind_add(&matches->best, entry, is_new);
    if (!is_whole)
        return;
    matches->whole_dropped += !agrees;
    if (matches->whole_count < MATCHES_WHOLE_MAX) {
        matches->whole[matches->whole_count] = entry;
        matches->whole_agrees[matches->whole_count] = agrees;
    }
    matches->whole_count++;
}

/* Sets key to the name that all whole matches share, or all whole matches that agree, if any
 * do. Returns 1, or 0 if they have several names or there are none, or -1. */
static int whole_name(const struct matches *matches, const struct book *book, struct text *key) {
    char name[BOOK_NAME_MAX];
    struct book_entry entry;
    bool some_agree = matches->whole_dropped < matches->whole_count;
    bool has_one = false;
    if (matches->whole_count > MATCHES_WHOLE_MAX)
        return 0;
    for (uint32_t i = 0; i < matches->whole_count; i++) {
        if (some_agree && !matches->whole_agrees[i])
            continue;
        if (entries_find(book, matches->whole[i], name, &entry) < 0)
            return -1;
        if (!has_one)
            text_put(key, entry.key);
        else if (!span_equal(text_span(key), entry.key))
            return 0;
        has_one = true;
    }
    return key->full ? -1 : has_one;
}

/* The first colon with a space behind it ends the name, so none in the name has one. A no-break
 * space looks the same, and is the same when somebody asks for that name. */
static void put_name(struct span name, struct text *out) {
    const char *colon;
    while ((colon = memmem(name.at, name.len, ": ", 2)) != NULL) {
        size_t len = (size_t)(colon - name.at);
        text_put(out, (struct span){name.at, len});
        text_put(out, SPAN(":\u00A0"));
        name = span_from(name, len + 2);
    }
    text_put(out, name);
}

static int put_line(const struct book *book, uint32_t number, struct text *out) {
    char name[BOOK_NAME_MAX];
    struct book_entry entry;
    if (entries_find(book, number, name, &entry) < 0)
        return -1;
    put_name(entry.name, out);
    text_put(out, SPAN(": "));
    text_put(out, entry.office);
    return out->full ? -1 : 0;
}

static int put_lines(const struct matches *matches, const struct book *book, struct span separator,
                     struct text *out) {
    const struct matches_kind *kind = matches->best.kept > 0 ? &matches->best : &matches->all;
    for (uint32_t i = 0; i < kind->kept; i++) {
        if (i > 0)
            text_put(out, separator);
        if (put_line(book, kind->at[i], out) < 0)
            return -1;
    }
    if (!matches->is_cut && kind->count <= kind->kept)
        return kind->kept > 0 ? 2 : 0;
    if (kind->kept > 0)
        text_put(out, separator);
    text_put(out, SPAN("and "));
    if (!matches->is_cut) {
        text_put_number(out, kind->count - kind->kept);
        text_put(out, SPAN(" "));
    }
    text_put(out, SPAN("more"));
    return out->full ? -1 : 2;
}

/* Not inlined, so that only requests that need the key pay for its stack. */
__attribute__((noinline)) static int put_offices(const struct matches *matches,
                                                 const struct book *book, struct span separator,
                                                 struct text *out) {
    char bytes[BOOK_WORD_MAX];
    struct text key = {.at = bytes, .cap = sizeof(bytes)};
    int whole = whole_name(matches, book, &key);
    return whole <= 0 ? whole : book_find(book, text_span(&key), separator, out);
}

int matches_answer(const struct matches *matches, const struct book *book, struct span separator,
                   struct text *out) {
    bool may_be_one = matches->whole_count > 0 && !matches->is_cut;
    int found = may_be_one ? put_offices(matches, book, separator, out) : 0;
    return found != 0 ? found : put_lines(matches, book, separator, out);
}
