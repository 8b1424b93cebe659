#include "services/http_text.h"

#include <string.h>

char http_lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool is_alnum(char c) {
    return (http_lower(c) >= 'a' && http_lower(c) <= 'z') || (c >= '0' && c <= '9');
}

bool http_made_of(struct span s, const char *others) {
    for (size_t i = 0; i < s.len; i++)
        if (!is_alnum(s.at[i]) && (s.at[i] == '\0' || strchr(others, s.at[i]) == NULL))
            return false;
    return s.len > 0;
}

bool http_starts_caseless(struct span s, const char *prefix) {
    size_t len = strlen(prefix);
    if (s.len < len)
        return false;
    for (size_t i = 0; i < len; i++)
        if (http_lower(s.at[i]) != prefix[i])
            return false;
    return true;
}

bool http_is_caseless(struct span s, const char *other) {
    return s.len == strlen(other) && http_starts_caseless(s, other);
}
