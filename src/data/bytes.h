/* Byte strings with a length: span is read-only, text is a buffer for output.
 * Neither is NUL-terminated, and neither owns its memory. */
#ifndef LOOKUP_BYTES_H
#define LOOKUP_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct span {
    const char *at;
    size_t len;
};

/* len never exceeds cap. If an append does not fit, full is set and stays set,
 * and the text must not be used: it is never silently truncated. */
struct text {
    char *at;
    size_t len;
    size_t cap;
    bool full;
};

#define SPAN(literal) ((struct span){(literal), sizeof(literal) - 1})

struct span span_of(const char *string);
bool span_starts(struct span s, struct span prefix);

/* Whether s is word; upper and lower case of ASCII are the same. */
bool span_is_word(struct span s, const char *word);

/* Appends value in decimal digits. */
void text_put_number(struct text *out, size_t value);

/* These are inline because every request calls them and they are short. */

static inline bool span_equal(struct span a, struct span b) {
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

/* Compares byte by byte, a prefix being less. Returns a number below, equal to or above 0. */
static inline int span_compare(struct span a, struct span b) {
    int order = memcmp(a.at, b.at, a.len < b.len ? a.len : b.len);
    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

/* Returns the bytes of s from index from on; from is at most s.len. */
static inline struct span span_from(struct span s, size_t from) {
    return (struct span){s.at + from, s.len - from};
}

/* Appends all of s, or nothing and sets full. */
static inline void text_put(struct text *out, struct span s) {
    if (out->full || s.len > out->cap - out->len) {
        out->full = true;
        return;
    }
    if (s.len > 0)
        memcpy(out->at + out->len, s.at, s.len);
    out->len += s.len;
}

static inline struct span text_span(const struct text *t) {
    return (struct span){t->at, t->len};
}

#endif
