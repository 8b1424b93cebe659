/* Fuzzes the keys of names: whichever normal form a name is asked for in, one
 * of them is what that folds to. And their other forms: each is what a request
 * can come to. */
#include "compile/name_forms.h"
#include "compile/name_keys.h"
#include "data/book.h"
#include "settle.h"

#include <uninorm.h>

/* name in normal form is asked for by one of the keys. */
static void must_find(const struct keys *keys, uninorm_t form, struct span name) {
    size_t len = 0;
    char *normal = (char *)u8_normalize(form, (const uint8_t *)name.at, name.len, NULL, &len);
    must(normal != NULL);
    struct text asked = room_for(len * FOLD_GROWTH);
    bool found = false;
    must(fold_name((struct span){normal, len}, &asked) == 0);
    for (size_t i = 0; i < keys->count; i++)
        found = found || span_equal(keys->key[i], text_span(&asked));
    must(found);
    free(asked.at);
    free(normal);
}

static int must_be_askable(void *context, struct span form, bool whole) {
    struct text words = room_for(form.len);
    (void)context;
    (void)whole;
    fold_words(form, &words);
    must(!words.full);
    must_settle(fold_name, text_span(&words), true);
    free(words.at);
    return 0;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size) {
    static struct keys keys;
    const struct form_events events = {must_be_askable, NULL};
    struct span name = {(const char *)data, size};
    if (size > BOOK_NAME_MAX || !utf8_is_plain(name))
        return 0;
    must(name_keys_of(name, &keys) == 0 && keys.count >= 1 && keys.count <= NAME_KEYS_MAX);
    for (size_t i = 0; i < keys.count; i++) {
        must_settle(fold_name, keys.key[i], true);
        for (size_t j = 0; j < i; j++)
            must(!span_equal(keys.key[i], keys.key[j]));
    }
    must_find(&keys, UNINORM_NFC, name);
    must_find(&keys, UNINORM_NFD, name);
    must(name_forms_of(keys.key[0], &events) == 0);
    return 0;
}
