#include "data/bytes.h"

#include <string.h>

struct span span_of(const char *string) {
    return (struct span){string, strlen(string)};
}

bool span_starts(struct span s, struct span prefix) {
    return s.len >= prefix.len && span_equal((struct span){s.at, prefix.len}, prefix);
}
