#include "compile/accents.h"

#include "data/utf8.h"

#include <errno.h>
#include <stdlib.h>
#include <unictype.h>
#include <uninorm.h>

enum { SPELLING_ROOM = 48 * 1024 }; /* as NAME_KEYS_ROOM */

/* Letters with a mark that Unicode does not take off. */
static const struct {
    uint32_t letter;
    struct span plain;
} letters[] = {
    {0x00C6, {"AE", 2}}, /* Æ */
    {0x00D0, {"D", 1}},  /* Ð */
    {0x00D8, {"O", 1}},  /* Ø */
    {0x0110, {"D", 1}},  /* Đ */
    {0x0126, {"H", 1}},  /* Ħ */
    {0x0141, {"L", 1}},  /* Ł */
    {0x0152, {"OE", 2}}, /* Œ */
    {0x0166, {"T", 1}},  /* Ŧ */
    {0x1E9E, {"SS", 2}}, /* ẞ */
};

static bool is_mark(uint32_t point) {
    int class = uc_combining_class(point);
    return class != UC_CCC_NR && class != UC_CCC_NK && class != UC_CCC_KV && class != UC_CCC_VR;
}

static void put_unmarked(uint32_t point, struct text *out) {
    for (size_t i = 0; i < sizeof(letters) / sizeof(*letters); i++)
        if (letters[i].letter == point) {
            text_put(out, letters[i].plain);
            return;
        }
    if (!is_mark(point))
        utf8_put(out, point);
}

static int compose(struct text *out) {
    struct span s = text_span(out);
    size_t len = 0;
    uint8_t *composed = u8_normalize(UNINORM_NFC, (const uint8_t *)s.at, s.len, NULL, &len);
    if (composed == NULL)
        return -1;
    out->len = 0;
    text_put(out, (struct span){(const char *)composed, len});
    free(composed);
    return 0;
}

static int put_without_marks(struct span s, struct text *out) {
    size_t len = 0;
    uint32_t point = 0;
    uint8_t *apart = u8_normalize(UNINORM_NFD, (const uint8_t *)s.at, s.len, NULL, &len);
    if (apart == NULL)
        return -1;
    struct span rest = {(const char *)apart, len};
    for (size_t used; (used = utf8_decode(rest, &point)) > 0; rest = span_from(rest, used))
        put_unmarked(point, out);
    free(apart);
    int result = compose(out);
    if (result == 0 && out->full) {
        errno = ENAMETOOLONG;
        return -1;
    }
    return result;
}

static int give_normal(const struct form_events *to, uninorm_t how, struct span form, bool whole) {
    size_t len = 0;
    uint8_t *normal = u8_normalize(how, (const uint8_t *)form.at, form.len, NULL, &len);
    if (normal == NULL)
        return -1;
    int result = to->form(to->context, (struct span){(const char *)normal, len}, whole);
    free(normal);
    return result;
}

int accents_kept(const struct form_events *to, struct span form, bool whole) {
    if (utf8_is_ascii(form))
        return to->form(to->context, form, whole);
    if (give_normal(to, UNINORM_NFC, form, whole) < 0)
        return -1;
    return give_normal(to, UNINORM_NFD, form, whole);
}

int accents_dropped(const struct form_events *to, struct span form, bool whole) {
    char bytes[SPELLING_ROOM];
    struct text out = {.at = bytes, .cap = sizeof(bytes)};
    if (utf8_is_ascii(form))
        return 0;
    if (put_without_marks(form, &out) < 0)
        return -1;
    struct span bare = text_span(&out);
    return span_equal(bare, form) ? 0 : to->form(to->context, bare, whole);
}

int spell(const struct form_events *to, struct span form, bool whole) {
    return accents_kept(to, form, whole) < 0 ? -1 : accents_dropped(to, form, whole);
}
