#include "data/bytes.h"

#include <string.h>

struct span span_of(const char *string) {
    return (struct span){string, strlen(string)};
}

bool span_equal(struct span a, struct span b) {
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

bool span_starts(struct span s, struct span prefix) {
    return s.len >= prefix.len && span_equal((struct span){s.at, prefix.len}, prefix);
}

struct span span_from(struct span s, size_t from) {
    return (struct span){s.at + from, s.len - from};
}

void text_put(struct text *out, struct span s) {
    if (out->full || s.len > out->cap - out->len) {
        out->full = true;
        return;
    }
    if (s.len > 0)
        memcpy(out->at + out->len, s.at, s.len);
    out->len += s.len;
}

struct span text_span(const struct text *t) {
    return (struct span){t->at, t->len};
}
