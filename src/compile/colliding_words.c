/* Tells whose words made a search in the book too dear (data/list_record.h). */
#include "compile/compilation.h"
#include "data/escape.h"
#include "data/lists_of_name.h"

#include <stdio.h>

/* The list whose key has a hash. */
struct sought {
    uint32_t hash;
    struct text word; /* once it was found */
};

/* Most lists have no more than two records. */
static int sought_compare(void *context, struct span name, const struct posting *posting) {
    char bytes[3 + WORDS_ROOM];
    struct sought *sought = context;
    (void)posting;
    for (uint32_t chunk = 0; chunk <= 1; chunk++) {
        struct text key = {.at = bytes, .cap = sizeof(bytes)};
        postings_key(name, chunk, &key);
        if (cdbread_hash(text_span(&key)) != sought->hash)
            continue;
        bool is_initials = span_starts(name, POSTINGS_INITIALS);
        escape(span_from(name, is_initials ? POSTINGS_INITIALS.len : 0), "", "", &sought->word);
        return -1;
    }
    return 0;
}

enum outcome compilation_say_collision(const struct compilation *c) {
    char word[4 * WORDS_ROOM] = "";
    char what[sizeof(word) + 160];
    struct sought sought = {c->writer.cdb.refused, {.at = word, .cap = sizeof(word)}};
    struct words words;
    struct entries walk = {0};
    struct book_entry entry = {.number = 0};
    bool is_found = false;
    while (!is_found && entries_next(&c->writer.book, &walk, &entry) > 0)
        is_found = lists_of_name(&words, entry.number, entry.key, sought_compare, &sought) < 0;
    snprintf(what, sizeof(what),
             "too many words with colliding hashes%s%.*s; %s makes a book without words",
             is_found ? ", such as " : "", (int)sought.word.len, word, c->options->without_index);
    if (!is_found)
        return compilation_say(c, c->options->book, 0, what, OUTCOME_BAD_DATA);
    return compilation_say_place(c, duplicates_place(c, entry.number), what, OUTCOME_BAD_DATA);
}
