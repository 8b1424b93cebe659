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

/* Characters that separate lines, change the direction of writing or are
 * invisible can make one line look like another (Unicode Standard Annex 9;
 * Technical Report 36, section 2.11). Of the format characters (Cf), visible
 * ones such as U+0600 stay, and so do the joiners U+200C and U+200D, which
 * Persian and Hindi need. */
static bool misleads(uint32_t point) {
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        {0x00AD, 0x00AD},   {0x061C, 0x061C},   {0x180E, 0x180E},   {0x200B, 0x200B},
        {0x200E, 0x200F},   {0x2028, 0x202E},   {0x2060, 0x206F},   {0xFEFF, 0xFEFF},
        {0xFFF9, 0xFFFB},   {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0001, 0xE0001},
        {0xE0020, 0xE007F},
    };
    for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
        if (point >= ranges[i].first && point <= ranges[i].last)
            return true;
    return false;
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
