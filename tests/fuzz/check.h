/* Checks that hold for any answer. */
#ifndef LOOKUP_FUZZ_CHECK_H
#define LOOKUP_FUZZ_CHECK_H

#include "data/utf8.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static inline void must(bool holds) {
    if (!holds)
        abort();
}

/* Returns the first line of s without its end; *rest is what follows. */
static inline struct span first_line(struct span s, struct span *rest) {
    const char *lf = s.len > 0 ? memchr(s.at, '\n', s.len) : NULL;
    size_t len = lf == NULL ? s.len : (size_t)(lf - s.at);
    *rest = span_from(s, lf == NULL ? len : len + 1);
    return (struct span){s.at, len > 0 && lf != NULL && s.at[len - 1] == '\r' ? len - 1 : len};
}

static inline void must_be_plain_lines(struct span s) {
    while (s.len > 0)
        must(utf8_is_plain(first_line(s, &s)));
}

/* Returns the line end of s: LF, CRLF or nothing. */
static inline struct span ending_of(struct span s) {
    if (s.len == 0 || s.at[s.len - 1] != '\n')
        return SPAN("");
    return s.len > 1 && s.at[s.len - 2] == '\r' ? SPAN("\r\n") : SPAN("\n");
}

#endif
