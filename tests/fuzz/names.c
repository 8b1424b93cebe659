/* Fuzzes what is done to names and to text that is shown. */
#include "data/escape.h"
#include "data/fold.h"
#include "data/utf8.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static struct text room_for(size_t bytes) {
    struct text text = {.at = malloc(bytes + 1), .cap = bytes};
    if (text.at == NULL)
        abort();
    return text;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size) {
    struct span s = {(const char *)data, size};
    struct text once = room_for(size * FOLD_GROWTH);
    struct text twice = room_for(size * FOLD_GROWTH * FOLD_GROWTH);
    struct text shown = room_for(size * 4);
    bool valid = fold_name(s, &once) == 0;
    if (once.full) /* no text folds to more than FOLD_GROWTH times its bytes */
        abort();
    /* Folding a folded name changes nothing. */
    if (valid && (fold_name(text_span(&once), &twice) < 0 ||
                  !span_equal(text_span(&once), text_span(&twice))))
        abort();
    if (valid && fold_is_empty(s) != (once.len == 0))
        abort();
    if (utf8_is_plain(s) && !valid)
        abort();
    struct span trimmed = fold_trim(s);
    if (!span_equal(fold_trim(trimmed), trimmed))
        abort();
    escape(s, "\"", "", &shown);
    if (shown.full || !utf8_is_plain(text_span(&shown)))
        abort();
    free(once.at);
    free(twice.at);
    free(shown.at);
    return 0;
}
