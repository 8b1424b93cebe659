#include "formats/ldif_line.h"

#include <stdint.h>

static bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Returns the offset of c in s, or s.len. */
static size_t find(struct span s, char c) {
    const char *at = s.len > 0 ? memchr(s.at, c, s.len) : NULL;
    return at == NULL ? s.len : (size_t)(at - s.at);
}

int ldif_split(struct span line, struct ldif_line *parts) {
    size_t colon = find(line, ':');
    if (colon == line.len || colon == 0)
        return -1;
    struct span head = {line.at, colon};
    while (head.len > 1 && is_space(head.at[head.len - 1]))
        head.len--;
    size_t len = find(head, ';');
    struct span value = span_from(line, colon + 1);
    parts->kind = span_starts(value, SPAN(":"))   ? LDIF_BASE64
                  : span_starts(value, SPAN("<")) ? LDIF_URL
                                                  : LDIF_TEXT;
    value = span_from(value, parts->kind != LDIF_TEXT);
    while (value.len > 0 && is_space(value.at[0]))
        value = span_from(value, 1);
    parts->type = (struct span){head.at, len};
    parts->options = span_from(head, len);
    parts->value = value;
    return 0;
}

bool ldif_is(const struct ldif_line *line, const char *word) {
    return span_is_word(line->type, word);
}

bool ldif_has_option(const struct ldif_line *line, const char *option) {
    struct span rest = line->options;
    while (rest.len > 0) {
        rest = span_from(rest, 1);
        size_t len = find(rest, ';');
        if (span_is_word((struct span){rest.at, len}, option))
            return true;
        rest = span_from(rest, len);
    }
    return false;
}

/* Returns the six bits of a base64 digit, or -1. */
static int digit_of(char c) {
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static size_t count_digits(struct span s) {
    size_t digits = 0;
    while (digits < s.len && digit_of(s.at[digits]) >= 0)
        digits++;
    return digits;
}

bool ldif_is_base64(struct span s) {
    size_t digits = count_digits(s);
    size_t padding = s.len - digits;
    for (size_t i = digits; i < s.len; i++)
        if (s.at[i] != '=')
            return false;
    return digits > 0 && padding <= 2 && s.len % 4 == 0;
}

struct span ldif_decode(struct span s, char *out) {
    uint32_t bits = 0;
    size_t digits = count_digits(s);
    size_t len = 0;
    for (size_t i = 0; i < digits; i++) {
        bits = bits << 6 | (uint32_t)digit_of(s.at[i]);
        if (i % 4 != 0)
            out[len++] = (char)(bits >> (6 - 2 * (i % 4)));
    }
    return (struct span){out, len};
}
