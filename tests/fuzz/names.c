/* Fuzzes functions for names and for text that is displayed. */
#include "data/escape.h"
#include "settle.h"

/* Decoding s and encoding its code points must give s. */
static bool is_utf8(struct span s) {
    struct text again = room_for(s.len);
    uint32_t point = 0;
    size_t used;
    for (struct span rest = s; (used = utf8_decode(rest, &point)) > 0; rest = span_from(rest, used))
        utf8_put(&again, point);
    must(!again.full && span_equal(text_span(&again), (struct span){s.at, again.len}));
    bool all = again.len == s.len;
    free(again.at);
    return all;
}

static void must_be_shown(struct span s) {
    struct text shown = room_for(s.len * 4);
    escape(s, "\"", "", &shown);
    must(!shown.full && utf8_is_plain(text_span(&shown)));
    must(shown.len == 0 || memchr(shown.at, '"', shown.len) == NULL);
    free(shown.at);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size) {
    struct span s = {(const char *)data, size};
    bool valid = is_utf8(s);
    struct span trimmed = fold_trim(s);
    struct text folded = room_for(size * FOLD_GROWTH);
    must(span_equal(fold_trim(trimmed), trimmed));
    must_settle(fold_name, s, valid);
    must_settle(fold_upper, s, valid);
    must_be_shown(s);
    must(valid || !utf8_is_plain(s));
    if (fold_name(s, &folded) == 0)
        must(fold_is_empty(s) == (folded.len == 0));
    free(folded.at);
    return 0;
}
