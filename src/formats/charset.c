#include "formats/charset.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

/* glibc ignores other characters in a name, and takes an empty name for the
 * locale's charset. A slash would allow suffixes such as "//IGNORE". */
static bool charset_is_name(const char *charset) {
    static const char characters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
        "-_.:";
    return charset[0] != '\0' && charset[strspn(charset, characters)] == '\0';
}

bool charset_is_known(const char *charset) {
    if (!charset_is_name(charset))
        return false;
    iconv_t converter = iconv_open("UTF-8", charset);
    return !charset_failed(converter) && iconv_close(converter) == 0;
}

/* The second call makes iconv write what it has buffered. */
static int charset_convert_value(iconv_t converter, struct span s, struct text *out) {
    char *from = (char *)s.at; /* iconv does not write to its input */
    char *to = out->at + out->len;
    size_t room = out->cap - out->len;
    if (iconv(converter, &from, &s.len, &to, &room) == (size_t)-1 ||
        iconv(converter, NULL, NULL, &to, &room) == (size_t)-1)
        return -1;
    out->len = (size_t)(to - out->at);
    return 0;
}

int charset_convert(const char *charset, struct span s, struct text *out) {
    if (!charset_is_name(charset)) {
        errno = EINVAL;
        return -1;
    }
    iconv_t converter = iconv_open("UTF-8", charset);
    if (charset_failed(converter))
        return -1;
    int result = charset_convert_value(converter, s, out);
    /* iconv reports a truncated character at the end as EINVAL. */
    int why = errno == EINVAL ? EILSEQ : errno;
    iconv_close(converter);
    errno = why;
    return result;
}

/* Some charsets switch to other characters after an escape (ISO-2022) or "+"
 * (UTF-7); after that, any byte can mean anything. */
bool charset_keeps_ascii(const char *charset) {
    static const char meant[] = "\t\r\n !\"#,-./0123456789:;<=>ABCXYZ_abcxyz\x1B$B!!+AGE-";
    char bytes[sizeof(meant) * 4];
    struct text out = {.at = bytes, .cap = sizeof(bytes)};
    return charset_convert(charset, SPAN(meant), &out) == 0 &&
           span_equal(text_span(&out), SPAN(meant));
}

static const char *const charsets_of_marks[] = {"UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE",
                                                NULL};

/* The charsets that telephones and mail programs write into vCards. */
static const char *const charsets_of_lines[] = {"ISO-8859-1",
                                                "ISO-8859-2",
                                                "ISO-8859-3",
                                                "ISO-8859-4",
                                                "ISO-8859-5",
                                                "ISO-8859-6",
                                                "ISO-8859-7",
                                                "ISO-8859-8",
                                                "ISO-8859-9",
                                                "ISO-8859-10",
                                                "ISO-8859-13",
                                                "ISO-8859-14",
                                                "ISO-8859-15",
                                                "ISO-8859-16",
                                                "WINDOWS-874",
                                                "WINDOWS-1250",
                                                "WINDOWS-1251",
                                                "WINDOWS-1252",
                                                "WINDOWS-1253",
                                                "WINDOWS-1254",
                                                "WINDOWS-1255",
                                                "WINDOWS-1256",
                                                "WINDOWS-1257",
                                                "WINDOWS-1258",
                                                "TIS-620",
                                                "KOI8-R",
                                                "KOI8-U",
                                                "MACINTOSH",
                                                "IBM437",
                                                "IBM850",
                                                "IBM852",
                                                "IBM866",
                                                "SHIFT_JIS",
                                                "CP932",
                                                "EUC-JP",
                                                "ISO-2022-JP",
                                                "GB2312",
                                                "GBK",
                                                "GB18030",
                                                "BIG5",
                                                "BIG5-HKSCS",
                                                "EUC-TW",
                                                "EUC-KR",
                                                "CP949",
                                                "ISO-2022-KR",
                                                "UTF-7",
                                                NULL};

static void charsets_hold_one(struct charsets *charsets, const char *charset) {
    iconv_t converter = iconv_open("UTF-8", charset);
    if (charset_failed(converter))
        return;
    if (charsets->count < CHARSETS_MAX)
        charsets->held[charsets->count++] = converter;
    else
        iconv_close(converter);
}

void charsets_hold(struct charsets *charsets, const char *own, bool of_lines) {
    charsets->count = 0;
    if (own != NULL)
        charsets_hold_one(charsets, own);
    for (const char *const *name = charsets_of_marks; *name != NULL; name++)
        charsets_hold_one(charsets, *name);
    for (const char *const *name = charsets_of_lines; of_lines && *name != NULL; name++)
        charsets_hold_one(charsets, *name);
}

void charsets_release(struct charsets *charsets) {
    while (charsets->count > 0)
        iconv_close(charsets->held[--charsets->count]);
}
