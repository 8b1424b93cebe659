#include "data/bytes.h"

#include <string.h>
#include <strings.h>

struct span span_of(const char *string) {
    return (struct span){string, strlen(string)};
}

bool span_starts(struct span s, struct span prefix) {
    return s.len >= prefix.len && span_equal((struct span){s.at, prefix.len}, prefix);
}

bool span_is_word(struct span s, const char *word) {
    return s.len == strlen(word) && strncasecmp(s.at, word, s.len) == 0;
}

void text_put_number(struct text *out, size_t value) {
    char digits[20];
    size_t at = sizeof(digits);
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    text_put(out, (struct span){digits + at, sizeof(digits) - at});
}
