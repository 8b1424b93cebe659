#include "data/json.h"

#include "data/escape.h"
#include "data/utf8.h"

static bool json_is_plain(struct span one) {
    char bytes[64];
    struct text shown = {.at = bytes, .cap = sizeof(bytes)};
    escape(one, "", "", &shown);
    return span_equal(text_span(&shown), one);
}

static void json_put_unit(uint32_t unit, struct text *out) {
    static const char digits[] = "0123456789abcdef";
    char escaped[] = {'\\',
                      'u',
                      digits[unit >> 12 & 15],
                      digits[unit >> 8 & 15],
                      digits[unit >> 4 & 15],
                      digits[unit & 15]};
    text_put(out, (struct span){escaped, sizeof(escaped)});
}

/* Beyond U+FFFF a character is two units of UTF-16. */
static void json_put_number(uint32_t point, struct text *out) {
    if (point >= 0x10000) {
        json_put_unit(0xD800 + ((point - 0x10000) >> 10), out);
        point = 0xDC00 + ((point - 0x10000) & 0x3FF);
    }
    json_put_unit(point, out);
}

void json_put_character(struct span *rest, struct text *out) {
    uint32_t point = 0xFFFD;
    size_t used = utf8_decode(*rest, &point);
    struct span one = {rest->at, used > 0 ? used : 1};
    if (used == 0)
        point = 0xFFFD;
    *rest = span_from(*rest, one.len);
    if (point == '"' || point == '\\')
        text_put(out, SPAN("\\"));
    if (point == '\t')
        text_put(out, SPAN("\\t"));
    else if (used > 0 && json_is_plain(one))
        text_put(out, one);
    else
        json_put_number(point, out);
}

void json_put_string(struct span s, struct text *out) {
    text_put(out, SPAN("\""));
    while (s.len > 0)
        json_put_character(&s, out);
    text_put(out, SPAN("\""));
}
