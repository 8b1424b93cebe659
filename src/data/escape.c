#include "data/escape.h"

#include "data/utf8.h"

#include <string.h>

static void put_escaped(struct span bytes, struct text *out) {
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char value = (unsigned char)bytes.at[i];
        char shown[] = {'\\', 'x', digits[value / 16], digits[value % 16]};
        text_put(out, (struct span){shown, sizeof(shown)});
    }
}

static bool is_among(char c, const char *set) {
    return c != '\0' && strchr(set, c) != NULL;
}

/* Characters that part lines or turn the direction of writing: with these a
 * line can be made to look like another (Unicode Standard Annex 9). */
static bool misleads(uint32_t point) {
    return point == 0x200E || point == 0x200F || (point >= 0x2028 && point <= 0x202E) ||
           (point >= 0x2066 && point <= 0x2069);
}

void escape(struct span s, const char *also, const char *except, struct text *out) {
    while (s.len > 0) {
        uint32_t point = 0;
        size_t used = utf8_decode(s, &point);
        struct span one = {s.at, used > 0 ? used : 1};
        bool plain =
            utf8_is_plain(one) && point != '\t' && !misleads(point) && !is_among(one.at[0], also);
        if (plain || is_among(one.at[0], except))
            text_put(out, one);
        else
            put_escaped(one, out);
        s = span_from(s, one.len);
    }
}
