/* Fuzzes folding: a fold equals what libunistring computes by the Unicode Standard's D145, with
 * upper case for case folding; it is the same for all canonically equivalent names; and it is
 * its own fold. */
#include "data/book.h"
#include "settle.h"

#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>

/* Appends the fold of name after a normalization. */
static void put_fold(uninorm_t form, struct span name, struct text *out) {
    size_t len = 0;
    uint8_t *normal = u8_normalize(form, (const uint8_t *)name.at, name.len, NULL, &len);
    must(normal != NULL);
    struct span s = {(const char *)normal, len};
    must(fold_name(s, out) == 0);
    free(normal);
}

/* False if s contains blanks or characters that fold_name drops, or code points that not all
 * versions of Unicode have. */
static bool is_comparable(struct span s) {
    uint32_t point = 0;
    for (size_t used; (used = utf8_decode(s, &point)) > 0; s = span_from(s, used))
        if (fold_is_empty((struct span){s.at, used}) ||
            uc_is_general_category_withtable(point, UC_CATEGORY_MASK_Cn))
            return false;
    return true;
}

/* NFD(toUppercase(NFD(name))). */
static void must_be_standard(struct span name, struct span fold) {
    size_t len = 0;
    size_t upper_len = 0;
    uint8_t *nfd = u8_normalize(UNINORM_NFD, (const uint8_t *)name.at, name.len, NULL, &len);
    must(nfd != NULL);
    uint8_t *upper = u8_toupper(nfd, len, "", UNINORM_NFD, NULL, &upper_len);
    must(upper != NULL && span_equal((struct span){(const char *)upper, upper_len}, fold));
    free(nfd);
    free(upper);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size) {
    struct span name = {(const char *)data, size};
    if (size > BOOK_NAME_MAX || !utf8_is_plain(name))
        return 0;
    struct text fold = room_for(size * FOLD_GROWTH);
    struct text composed = room_for(size * FOLD_GROWTH * FOLD_GROWTH);
    struct text decomposed = room_for(size * FOLD_GROWTH * FOLD_GROWTH);
    must(fold_name(name, &fold) == 0);
    must_settle(fold_name, name, true);
    put_fold(UNINORM_NFC, name, &composed);
    put_fold(UNINORM_NFD, name, &decomposed);
    must(span_equal(text_span(&fold), text_span(&composed)));
    must(span_equal(text_span(&fold), text_span(&decomposed)));
    if (is_comparable(name))
        must_be_standard(name, text_span(&fold));
    free(fold.at);
    free(composed.at);
    free(decomposed.at);
    return 0;
}
