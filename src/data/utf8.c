#include "data/utf8.h"

/* Returns the length of a sequence from its first byte, or 0 if none starts
 * with it. */
static size_t sequence_length(unsigned char lead) {
    if (lead < 0x80)
        return 1;
    if (lead >= 0xC2 && lead <= 0xDF)
        return 2;
    if (lead >= 0xE0 && lead <= 0xEF)
        return 3;
    if (lead >= 0xF0 && lead <= 0xF4)
        return 4;
    return 0;
}

/* The lead byte rules out overlong two-byte forms; the rest is ruled out here. */
static bool is_scalar(uint32_t point, size_t length) {
    if (length == 3)
        return point >= 0x800 && (point < 0xD800 || point > 0xDFFF);
    if (length == 4)
        return point >= 0x10000 && point <= 0x10FFFF;
    return true;
}

size_t utf8_decode(struct span s, uint32_t *point) {
    if (s.len == 0)
        return 0;
    unsigned char lead = (unsigned char)s.at[0];
    size_t length = sequence_length(lead);
    if (length == 0 || length > s.len)
        return 0;
    uint32_t value = length == 1 ? lead : lead & (0x7Fu >> length);
    for (size_t i = 1; i < length; i++) {
        unsigned char next = (unsigned char)s.at[i];
        if ((next & 0xC0) != 0x80)
            return 0;
        value = value << 6 | (next & 0x3F);
    }
    if (!is_scalar(value, length))
        return 0;
    *point = value;
    return length;
}

void utf8_put(struct text *out, uint32_t point) {
    char bytes[4];
    size_t length = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0x00, 0xC0, 0xE0, 0xF0};
    for (size_t i = length - 1; i > 0; i--) {
        bytes[i] = (char)(0x80 | (point & 0x3F));
        point >>= 6;
    }
    bytes[0] = (char)(lead[length] | point);
    text_put(out, (struct span){bytes, length});
}

bool utf8_is_plain(struct span s) {
    uint32_t point = 0;
    for (size_t at = 0, used; at < s.len; at += used) {
        while (at < s.len && s.at[at] >= ' ' && s.at[at] <= '~') /* fast path for ASCII */
            at++;
        if (at == s.len)
            break;
        used = utf8_decode(span_from(s, at), &point);
        if (used == 0)
            return false;
        if ((point < 0x20 && point != '\t') || (point >= 0x7F && point <= 0x9F))
            return false;
    }
    return true;
}

bool utf8_is_ascii(struct span s) {
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.at[i] >= 0x80)
            return false;
    return true;
}
