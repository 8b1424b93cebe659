/* Checks that a conversion of text is idempotent. */
#ifndef LOOKUP_FUZZ_SETTLE_H
#define LOOKUP_FUZZ_SETTLE_H

#include "check.h"
#include "data/fold.h"

static inline struct text room_for(size_t bytes) {
    struct text text = {.at = malloc(bytes + 1), .cap = bytes};
    must(text.at != NULL);
    return text;
}

/* Converting s twice must equal converting it once; and no text grows to more than FOLD_GROWTH
 * times its bytes. */
static inline void must_settle(int (*change)(struct span s, struct text *out), struct span s,
                               bool valid) {
    struct text once = room_for(s.len * FOLD_GROWTH);
    struct text twice = room_for(s.len * FOLD_GROWTH * FOLD_GROWTH);
    must((change(s, &once) == 0) == valid && !once.full);
    if (valid)
        must(change(text_span(&once), &twice) == 0 &&
             span_equal(text_span(&once), text_span(&twice)));
    free(once.at);
    free(twice.at);
}

#endif
