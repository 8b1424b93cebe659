#include "compile/postings.h"

#include "data/book.h"

#include <stdlib.h>
#include <string.h>

/* Memory that is not yet used costs nothing. */
int postings_begin(struct postings *list) {
    *list = (struct postings){0};
    list->slots = calloc(POSTINGS_SLOTS, sizeof(*list->slots));
    list->words = malloc(POSTINGS_WORDS * sizeof(*list->words));
    list->holders = malloc(POSTINGS_MAX * sizeof(*list->holders));
    list->text = malloc(POSTINGS_TEXT);
    bool all = list->slots != NULL && list->words != NULL && list->holders != NULL;
    return all && list->text != NULL ? 0 : -1;
}

void postings_end(struct postings *list) {
    free(list->slots);
    free(list->words);
    free(list->holders);
    free(list->text);
}

void postings_clear(struct postings *list) {
    if (list->word_count > 0) /* else it would be the first use of all that memory */
        memset(list->slots, 0, POSTINGS_SLOTS * sizeof(*list->slots));
    list->word_count = list->posting_count = list->text_len = 0;
}

struct span postings_text(const struct postings *list, const struct word *word) {
    return (struct span){list->text + word->text, word->len};
}

static struct word *add_word(struct postings *list, struct span text, uint32_t hash,
                             uint32_t *slot) {
    if (list->word_count == POSTINGS_WORDS || text.len > POSTINGS_TEXT - list->text_len)
        return NULL;
    struct word *word = &list->words[list->word_count];
    *slot = ++list->word_count;
    *word = (struct word){.text = list->text_len, .len = (uint32_t)text.len, .hash = hash};
    memcpy(list->text + list->text_len, text.at, text.len);
    list->text_len += word->len;
    return word;
}

/* The word, which is added if it is new. */
static struct word *find(struct postings *list, struct span text, uint32_t hash) {
    uint32_t slot = hash;
    for (;; slot++) {
        uint32_t number = list->slots[slot % POSTINGS_SLOTS];
        if (number == 0)
            return add_word(list, text, hash, &list->slots[slot % POSTINGS_SLOTS]);
        struct word *word = &list->words[number - 1];
        if (word->hash == hash && span_equal(postings_text(list, word), text))
            return word;
    }
}

struct word *postings_add(struct postings *list, struct span text, uint32_t hash, uint32_t start) {
    if (list->posting_count == POSTINGS_MAX)
        return NULL;
    struct word *word = find(list, text, hash);
    if (word == NULL || word->latest == start)
        return word;
    word->latest = start;
    if (word->count++ >= BOOK_LINES_MAX)
        return word;
    uint32_t holder = list->posting_count++;
    list->holders[holder] = (struct holder){.start = start};
    if (word->count == 1)
        word->first = holder;
    else
        list->holders[word->last].next = holder;
    word->last = holder;
    return word;
}
