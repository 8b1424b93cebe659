#include "compile/name_keys.h"

#include "data/book.h"
#include "data/fold.h"
#include "data/utf8.h"

#include <errno.h>
#include <stdlib.h>
#include <uninorm.h>

/* Keeps the key that was just written to the end of room, unless it is there. */
static void keep(struct keys *keys, struct span key) {
    for (size_t i = 0; i < keys->count; i++)
        if (span_equal(keys->key[i], key))
            return;
    keys->key[keys->count++] = key;
}

static int add_fold(struct keys *keys, struct text *room, struct span name) {
    size_t start = room->len;
    if (fold_name(name, room) < 0) {
        errno = EILSEQ;
        return -1;
    }
    keep(keys, span_from(text_span(room), start));
    return 0;
}

/* Adds the fold of name's normal form, and that fold's normal form: upper case
 * can undo the normal form of what it is given. */
static int add_form(struct keys *keys, struct text *room, uninorm_t form, struct span name) {
    size_t len = 0;
    uint8_t *normal = u8_normalize(form, (const uint8_t *)name.at, name.len, NULL, &len);
    if (normal == NULL)
        return -1;
    size_t start = room->len;
    int result = add_fold(keys, room, (struct span){(const char *)normal, len});
    free(normal);
    if (result < 0)
        return -1;
    struct span fold = span_from(text_span(room), start);
    normal = u8_normalize(form, (const uint8_t *)fold.at, fold.len, NULL, &len);
    if (normal == NULL)
        return -1;
    start = room->len;
    text_put(room, (struct span){(const char *)normal, len});
    free(normal);
    keep(keys, span_from(text_span(room), start));
    return 0;
}

int name_keys_of(struct span name, struct keys *keys) {
    /* cppcheck-suppress ctuuninitvar ; the room is what is filled here */
    struct text room = {.at = keys->room, .cap = sizeof(keys->room)};
    keys->count = 0;
    if (name.len > BOOK_NAME_MAX) {
        errno = ENAMETOOLONG;
        return -1;
    }
    if (utf8_is_ascii(name))
        return add_fold(keys, &room, name);
    if (add_form(keys, &room, UNINORM_NFC, name) < 0)
        return -1;
    return add_form(keys, &room, UNINORM_NFD, name);
}
