#include "compile/index.h"

#include "compile/entries.h"
#include "compile/name_forms.h"
#include "compile/postings.h"
#include "data/fold.h"

#include <errno.h>
#include <stdio.h>

enum {
    FULL = 1,
    FORGET_EVERY = 1 << 20, /* words; more often, and pages are mapped again */
};

/* One walk takes the words whose hash, mixed, is in its share. */
struct collection {
    const struct book *book;
    struct postings *list;
    uint64_t from;
    uint64_t width;
    struct book_entry entry; /* at which the walk is */
    bool full;
};

/* Spreads the hashes: those of short words are all small, those of words that
 * differ in their last letter all neighbours. */
static uint32_t mix(uint32_t hash) {
    hash = (hash ^ hash >> 16) * 0x9E3779B1u;
    return hash ^ hash >> 15;
}

/* Notes that the word stands for the whole name of entry. */
static int add_whole(const struct collection *c, struct word *word) {
    struct book_entry other;
    if (word->whole == WORD_OF_SEVERAL)
        return 0;
    if (word->whole != WORD_OF_NONE) {
        if (entries_at(&c->book->image, word->whole, &other) < 0)
            return -1;
        if (!span_equal(other.key, c->entry.key))
            word->whole = WORD_OF_SEVERAL;
        return 0;
    }
    word->whole = c->entry.start;
    return 0;
}

static int take_form(void *context, struct span form, bool whole) {
    struct collection *c = context;
    char bytes[BOOK_WORD_MAX];
    struct text words = {.at = bytes, .cap = sizeof(bytes)};
    fold_words(form, &words);
    uint32_t hash = mix(cdbread_hash(text_span(&words)));
    if (words.len == 0 || hash - c->from >= c->width)
        return 0;
    struct word *word = postings_add(c->list, text_span(&words), hash, c->entry.start);
    if (word == NULL) {
        c->full = true;
        return -1;
    }
    return whole ? add_whole(c, word) : 0;
}

/* 0, FULL, or -1. */
static int collect(struct collection *c) {
    struct entries walk = {0};
    const struct form_events events = {take_form, c};
    int more;
    postings_clear(c->list);
    c->full = false;
    errno = EBADMSG;
    while ((more = entries_next(c->book, &walk, &c->entry)) > 0)
        if (name_forms_of(c->entry.key, &events) < 0)
            return c->full ? FULL : -1;
    return more;
}

static int put_line(const struct cdb_image *image, uint32_t start, struct text *out) {
    struct book_entry entry;
    if (entries_at(image, start, &entry) < 0)
        return -1;
    if (out->len > 0)
        text_put(out, SPAN("\n"));
    text_put(out, entry.name);
    text_put(out, SPAN(": "));
    text_put(out, entry.office);
    return 0;
}

static int put_lines(const struct collection *c, const struct word *word, struct text *out) {
    char rest[32];
    uint32_t holder = word->first;
    for (uint32_t i = 0; i < word->count && i < BOOK_LINES_MAX; i++) {
        if (put_line(&c->book->image, c->list->holders[holder].start, out) < 0)
            return -1;
        holder = c->list->holders[holder].next;
    }
    if (word->count > BOOK_LINES_MAX) {
        snprintf(rest, sizeof(rest), "\nand %u more", word->count - BOOK_LINES_MAX);
        text_put(out, span_of(rest));
    }
    return 0;
}

/* What the word is answered. A name that has it for its key goes first, so that
 * with dots it is answered as it is without. */
static int put_answer(const struct collection *c, const struct word *word, struct text *out) {
    struct book_entry entry;
    int found = book_find(c->book, postings_text(c->list, word), SPAN("\n"), out);
    if (found != 0)
        return found;
    if (word->whole == WORD_OF_NONE || word->whole == WORD_OF_SEVERAL)
        return put_lines(c, word, out);
    if (entries_at(&c->book->image, word->whole, &entry) < 0)
        return -1;
    return book_find(c->book, entry.key, SPAN("\n"), out);
}

static int give_words(const struct collection *c, index_taker *take, void *context) {
    static char key_bytes[1 + BOOK_WORD_MAX];
    static char answer_bytes[(BOOK_LINES_MAX + 1) * (BOOK_NAME_MAX + BOOK_OFFICE_MAX + 4)];
    _Static_assert(8 + sizeof(key_bytes) + sizeof(answer_bytes) <= CDB_RECORD_MAX, "can be read");
    for (uint32_t i = 0; i < c->list->word_count; i++) {
        const struct word *word = &c->list->words[i];
        struct text key = {.at = key_bytes, .cap = sizeof(key_bytes)};
        struct text answer = {.at = answer_bytes, .cap = sizeof(answer_bytes)};
        errno = EBADMSG;
        if (put_answer(c, word, &answer) < 0 || answer.full)
            return -1;
        text_put(&key, BOOK_WORD);
        text_put(&key, postings_text(c->list, word));
        if (take(context, text_span(&key), text_span(&answer)) < 0)
            return -1;
        if (i % FORGET_EVERY == FORGET_EVERY - 1)
            book_forget(c->book);
    }
    return 0;
}

int index_make(const struct book *book, index_taker *take, void *context) {
    struct postings list;
    struct collection c = {.book = book, .list = &list, .width = UINT64_C(1) << 32};
    int result = postings_begin(&list);
    while (result == 0 && c.from >> 32 == 0) {
        result = collect(&c);
        if (result == FULL) { /* half of it, from the start again */
            c.width /= 2;
            errno = ENOMEM; /* so many words of one hash */
            result = c.width > 0 ? 0 : -1;
            continue;
        }
        if (result == 0)
            result = give_words(&c, take, context);
        c.from += c.width;
    }
    int why = errno;
    postings_end(&list);
    errno = why;
    return result;
}
