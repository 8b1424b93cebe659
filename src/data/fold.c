#include "data/fold.h"

#include "data/decompose.h"
#include "data/punctuation.h"
#include "data/upper.h"
#include "data/utf8.h"

enum { MARKS_MAX = 1024 }; /* consecutive marks that are sorted; a name has at most 1024 bytes */

static bool is_blank(uint32_t point) {
    return point == ' ' || point == '\t' || point == 0xA0 || (point >= 0x2000 && point <= 0x200A) ||
           point == 0x202F || point == 0x205F || point == 0x3000;
}

static bool has_no_width(uint32_t point) {
    return (point >= 0x200B && point <= 0x200D) || point == 0xFEFF;
}

/* Most characters are in this range, so the code below tests it first. */
static bool is_plain_ascii(char c) {
    return c > ' ' && c <= '~';
}

/* Returns the length of a blank at the start of s, or 0. */
static size_t leading_blank(struct span s) {
    if (s.len > 0 && s.at[0] >= ' ' && s.at[0] <= '~')
        return s.at[0] == ' ';
    uint32_t point = 0;
    size_t used = utf8_decode(s, &point);
    return used > 0 && is_blank(point) ? used : 0;
}

/* Likewise for the end of s. A blank has up to 3 bytes, and none of its later
 * bytes could itself start a character. */
static size_t trailing_blank(struct span s) {
    if (s.len > 0 && is_plain_ascii(s.at[s.len - 1]))
        return 0;
    for (size_t back = 1; back <= 3 && back <= s.len; back++)
        if (leading_blank(span_from(s, s.len - back)) == back)
            return back;
    return 0;
}

struct span fold_trim(struct span s) {
    size_t blank;
    while (s.len > 0 && s.at[0] == ' ')
        s = span_from(s, 1);
    while (s.len > 0 && s.at[s.len - 1] == ' ')
        s.len--;
    if (s.len > 0 && is_plain_ascii(s.at[0]) && is_plain_ascii(s.at[s.len - 1]))
        return s;
    while ((blank = leading_blank(s)) > 0)
        s = span_from(s, blank);
    while ((blank = trailing_blank(s)) > 0)
        s.len -= blank;
    return s;
}

bool fold_is_empty(struct span s) {
    uint32_t point = 0;
    if (s.len > 0 && is_plain_ascii(s.at[0]))
        return false;
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

/* Folds the longest prefix of s that is ASCII and has no blanks but single
 * spaces between words. Returns its length. For most names, this is all of it. */
static size_t put_ascii_upper(struct span s, struct text *out) {
    size_t room = out->cap - out->len;
    size_t len = s.len < room ? s.len : room;
    char *to = out->at + out->len;
    size_t at = 0;
    for (; at < len; at++) {
        char c = s.at[at];
        bool parts = c == ' ' && at > 0 && at + 1 < len && is_plain_ascii(s.at[at + 1]);
        if (!is_plain_ascii(c) && !parts)
            break;
        to[at] = c >= 'a' && c <= 'z' ? (char)(c - ('a' - 'A')) : c;
    }
    out->len += at;
    return at;
}

/* Consecutive marks, sorted into canonical order by their classes. */
struct marks {
    size_t count;
    uint32_t at[MARKS_MAX]; /* class << 24 | code point */
};

/* The only mark with an upper case has the highest class, so the order stays
 * canonical. */
static void put_marks(struct text *out, struct marks *marks) {
    for (size_t i = 0; i < marks->count; i++)
        put_upper(out, marks->at[i] & 0xFFFFFF);
    marks->count = 0;
}

/* Inserts a mark after those of its class and before those of higher classes. */
static void add_mark(struct text *out, struct marks *marks, uint32_t class, uint32_t point) {
    if (marks->count == MARKS_MAX)
        put_marks(out, marks);
    size_t i = marks->count++;
    for (; i > 0 && marks->at[i - 1] >> 24 > class; i--)
        marks->at[i] = marks->at[i - 1];
    marks->at[i] = class << 24 | point;
}

/* The upper case of decomposed text never decomposes further:
 * tests/unicode.bats checks every code point. */
static void put_folded(struct text *out, struct marks *marks, uint32_t point) {
    uint32_t to[DECOMPOSE_MAX];
    size_t count = decompose(point, to);
    for (size_t i = 0; i < count; i++) {
        uint32_t class = decompose_class(to[i]);
        if (class != 0) {
            add_mark(out, marks, class, to[i]);
            continue;
        }
        put_marks(out, marks);
        put_upper(out, to[i]);
    }
}

/* Folds the rest of a name whose folded prefix is in out from start on. Not
 * inlined, so that only names that need marks pay for its stack. */
__attribute__((noinline)) static int fold_rest(struct span s, size_t start, struct text *out) {
    struct marks marks;
    bool parted = false; /* a blank came after the last character */
    uint32_t point = 0;
    marks.count = 0;
    for (size_t at = 0, used; at < s.len; at += used) {
        if (!parted && is_plain_ascii(s.at[at])) {
            put_marks(out, &marks);
            used = put_ascii_upper(span_from(s, at), out);
            if (used > 0)
                continue;
        }
        used = utf8_decode(span_from(s, at), &point);
        if (used == 0)
            return -1;
        if (has_no_width(point))
            continue;
        if (is_blank(point)) {
            parted = true;
            continue;
        }
        if (parted) {
            put_marks(out, &marks);
            if (out->len > start)
                text_put(out, SPAN(" "));
        }
        parted = false;
        put_folded(out, &marks, point);
    }
    put_marks(out, &marks);
    return out->full ? -1 : 0;
}

int fold_name(struct span s, struct text *out) {
    size_t start = out->len;
    size_t plain = put_ascii_upper(s, out);
    if (plain == s.len)
        return out->full ? -1 : 0;
    return fold_rest(span_from(s, plain), start, out);
}

/* Appends folded with plain punctuation, none of which is longer than what it replaces. */
static void put_plain(struct span folded, struct text *out) {
    uint32_t point = 0;
    if (folded.len > out->cap - out->len) {
        out->full = true;
        return;
    }
    for (size_t used; (used = utf8_decode(folded, &point)) > 0; folded = span_from(folded, used)) {
        uint32_t plain = punctuation_plain(point);
        if (plain != 0)
            utf8_put(out, plain);
    }
}

/* True if s is empty or a single letter with its marks. */
static bool is_at_most_letter(struct span s) {
    uint32_t point = 0;
    size_t used = utf8_decode(s, &point);
    while (used > 0 && used < s.len) {
        size_t more = utf8_decode(span_from(s, used), &point);
        if (more == 0 || decompose_class(point) == 0)
            return false;
        used += more;
    }
    return true;
}

void fold_words(struct span folded, struct text *out) {
    size_t start = out->len;
    size_t len = start;
    size_t word = start; /* start of the current word in out */
    bool parted = true;  /* the current word is still empty */
    put_plain(folded, out);
    for (size_t i = start; i < out->len; i++) {
        char c = out->at[i];
        if (punctuation_parts(c) ||
            (c == '-' &&
             (parted || is_at_most_letter((struct span){out->at + word, len - word})))) {
            parted = true;
            continue;
        }
        if (parted && len > start)
            out->at[len++] = ' ';
        word = parted ? len : word;
        parted = false;
        out->at[len++] = c;
    }
    out->len = len;
}
