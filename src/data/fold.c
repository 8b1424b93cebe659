#include "data/fold.h"

#include "data/upper.h"
#include "data/utf8.h"

static bool is_blank(uint32_t point) {
    return point == ' ' || point == '\t' || point == 0xA0 || (point >= 0x2000 && point <= 0x200A) ||
           point == 0x202F || point == 0x205F || point == 0x3000;
}

static bool has_no_width(uint32_t point) {
    return (point >= 0x200B && point <= 0x200D) || point == 0xFEFF;
}

/* The blank that s begins with; 0: it begins with none. */
static size_t leading_blank(struct span s) {
    uint32_t point = 0;
    size_t used = utf8_decode(s, &point);
    return used > 0 && is_blank(point) ? used : 0;
}

/* Likewise of the one that s ends with. A blank has up to 3 bytes, and none of
 * its later bytes could itself begin a character. */
static size_t trailing_blank(struct span s) {
    for (size_t back = 1; back <= 3 && back <= s.len; back++)
        if (leading_blank(span_from(s, s.len - back)) == back)
            return back;
    return 0;
}

struct span fold_trim(struct span s) {
    size_t blank;
    while ((blank = leading_blank(s)) > 0)
        s = span_from(s, blank);
    while ((blank = trailing_blank(s)) > 0)
        s.len -= blank;
    return s;
}

bool fold_is_empty(struct span s) {
    uint32_t point = 0;
    for (size_t used; (used = utf8_decode(s, &point)) > 0; s = span_from(s, used))
        if (!is_blank(point) && !has_no_width(point))
            return false;
    return s.len == 0;
}

static void put_upper(struct text *out, uint32_t point) {
    uint32_t to[UPPER_MAX];
    size_t count = upper(point, to);
    for (size_t i = 0; i < count; i++)
        utf8_put(out, to[i]);
}

int fold_upper(struct span s, struct text *out) {
    uint32_t point = 0;
    for (size_t at = 0, used; at < s.len; at += used) {
        used = utf8_decode(span_from(s, at), &point);
        if (used == 0)
            return -1;
        put_upper(out, point);
    }
    return out->full ? -1 : 0;
}

/* Most names are ASCII: this takes one character of them the short way. */
static bool put_ascii_upper(struct text *out, char c) {
    if (c <= ' ' || c > '~' || out->len == out->cap)
        return false;
    out->at[out->len++] = c >= 'a' && c <= 'z' ? (char)(c - ('a' - 'A')) : c;
    return true;
}

int fold_name(struct span s, struct text *out) {
    size_t start = out->len;
    bool parted = false; /* a blank was passed since the last character */
    uint32_t point = 0;
    for (size_t at = 0, used; at < s.len; at += used) {
        used = 1;
        if (!parted && put_ascii_upper(out, s.at[at]))
            continue;
        used = utf8_decode(span_from(s, at), &point);
        if (used == 0)
            return -1;
        if (has_no_width(point))
            continue;
        if (is_blank(point)) {
            parted = true;
            continue;
        }
        if (parted && out->len > start)
            text_put(out, SPAN(" "));
        parted = false;
        put_upper(out, point);
    }
    return out->full ? -1 : 0;
}
