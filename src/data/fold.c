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

struct span fold_trim(struct span s) {
    size_t begin = 0;
    size_t end = 0;
    for (size_t at = 0, used; at < s.len; at += used) {
        uint32_t point = 0;
        used = utf8_decode(span_from(s, at), &point);
        if (used == 0)
            used = 1; /* not UTF-8, hence no blank */
        if (!is_blank(point))
            end = at + used;
        else if (end == 0)
            begin = at + used;
    }
    return (struct span){s.at + begin, end > begin ? end - begin : 0};
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

int fold_name(struct span s, struct text *out) {
    size_t start = out->len;
    bool parted = false; /* a blank was passed since the last character */
    uint32_t point = 0;
    for (size_t at = 0, used; at < s.len; at += used) {
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
