/* Bytes with a length: what is read (span) and what is being written (text).
 *
 * Neither is NUL-terminated and neither owns its memory. */
#ifndef LOOKUP_BYTES_H
#define LOOKUP_BYTES_H

#include <stdbool.h>
#include <stddef.h>

struct span {
    const char *at;
    size_t len;
};

/* len never passes cap. Once something did not fit, full stays true and the
 * text must not be used: it is never silently cut. */
struct text {
    char *at;
    size_t len;
    size_t cap;
    bool full;
};

#define SPAN(literal) ((struct span){(literal), sizeof(literal) - 1})

struct span span_of(const char *string);
bool span_equal(struct span a, struct span b);
bool span_starts(struct span s, struct span prefix);

/* The bytes of s from index from on; from is at most s.len. */
struct span span_from(struct span s, size_t from);

/* Appends s whole, or nothing and sets full. */
void text_put(struct text *out, struct span s);
struct span text_span(const struct text *t);

#endif
