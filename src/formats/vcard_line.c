#include "formats/vcard_line.h"

#include "data/fold.h"
#include "formats/charset.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct parameter {
    struct span name;
    struct span values;
};

/* Returns the offset of the first c outside quotes in s, or s.len. */
static size_t vcard_find(struct span s, char c) {
    bool quoted = false;
    size_t i = 0;
    for (; i < s.len && (quoted || s.at[i] != c); i++)
        quoted ^= s.at[i] == '"';
    return i;
}

static bool vcard_is_name(struct span s) {
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        char letter = (char)(c | 0x20);
        if ((letter < 'a' || letter > 'z') && (c < '0' || c > '9') && c != '-' && c != '_')
            return false;
    }
    return s.len > 0;
}

void vcard_unfold(struct span marked, bool blanks_stay, struct text *out) {
    while (marked.len > 0) {
        const char *mark = memchr(marked.at, '\n', marked.len);
        size_t len = mark == NULL ? marked.len : (size_t)(mark - marked.at);
        size_t room = out->cap - out->len;
        text_put(out, (struct span){marked.at, len < room ? len : room});
        size_t gone = mark == NULL ? 0 : blanks_stay || len + 1 == marked.len ? 1 : 2;
        marked = span_from(marked, len + gone);
    }
}

int vcard_split(struct span line, struct vcard_line *parts) {
    size_t colon = vcard_find(line, ':');
    if (colon == line.len)
        return -1;
    struct span head = {line.at, colon};
    size_t len = vcard_find(head, ';');
    struct span name = fold_trim((struct span){line.at, len});
    const char *dot = memrchr(name.at, '.', name.len);
    parts->parameters = span_from(head, len);
    parts->value = span_from(line, colon + 1);
    parts->name = dot == NULL ? name : span_from(name, (size_t)(dot + 1 - name.at));
    parts->group = (struct span){name.at, dot == NULL ? 0 : (size_t)(dot - name.at)};
    return vcard_is_name(parts->name) ? 0 : -1;
}

static bool is_encoding(struct span word) {
    return span_is_word(word, "QUOTED-PRINTABLE") || span_is_word(word, "BASE64") ||
           span_is_word(word, "7BIT") || span_is_word(word, "8BIT");
}

/* Removes the first parameter from rest, which starts with a semicolon. Version
 * 2.1 allows blanks around the parameter and its "=". */
static struct parameter take_parameter(struct span *rest) {
    struct span after = span_from(*rest, 1);
    struct span whole = {after.at, vcard_find(after, ';')};
    size_t equals = vcard_find(whole, '=');
    *rest = span_from(after, whole.len);
    if (equals < whole.len)
        return (struct parameter){fold_trim((struct span){whole.at, equals}),
                                  fold_trim(span_from(whole, equals + 1))};
    whole = fold_trim(whole);
    return (struct parameter){is_encoding(whole) ? SPAN("ENCODING") : SPAN("TYPE"), whole};
}

/* Removes the first value from values. Quotes separate values as commas do,
 * because some programs write TYPE="work,pref". */
static struct span take_word(struct span *values) {
    size_t len = 0;
    while (len < values->len && values->at[len] != ',' && values->at[len] != '"')
        len++;
    struct span word = fold_trim((struct span){values->at, len});
    *values = span_from(*values, len + (len < values->len));
    return word;
}

static bool has_word(struct span values, const char *word) {
    while (values.len > 0)
        if (span_is_word(take_word(&values), word))
            return true;
    return false;
}

static bool has_only(struct span values, const char *const *words) {
    while (values.len > 0) {
        struct span word = take_word(&values);
        const char *const *known = words;
        while (word.len > 0 && *known != NULL && !span_is_word(word, *known))
            known++;
        if (word.len > 0 && *known == NULL)
            return false;
    }
    return true;
}

bool vcard_says(const struct vcard_line *line, const char *parameter, const char *word) {
    struct span rest = line->parameters;
    while (rest.len > 0) {
        struct parameter one = take_parameter(&rest);
        if (span_is_word(one.name, parameter) && has_word(one.values, word))
            return true;
    }
    return false;
}

bool vcard_says_only(const struct vcard_line *line, const char *parameter,
                     const char *const *words) {
    struct span rest = line->parameters;
    while (rest.len > 0) {
        struct parameter one = take_parameter(&rest);
        if (span_is_word(one.name, parameter) && !has_only(one.values, words))
            return false;
    }
    return true;
}

static int vcard_hex(char c) {
    char letter = (char)(c | 0x20);
    return c >= '0' && c <= '9' ? c - '0' : letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

/* Returns -1 if s is malformed quoted-printable. */
static int undo_quotes(struct span s, struct text *out) {
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        if (c == '=') {
            if (s.len - i < 3 || vcard_hex(s.at[i + 1]) < 0 || vcard_hex(s.at[i + 2]) < 0)
                return -1;
            c = (char)(vcard_hex(s.at[i + 1]) * 16 + vcard_hex(s.at[i + 2]));
            i += 2;
        } else if ((c & 0x80) != 0) {
            return -1;
        }
        text_put(out, (struct span){&c, 1});
    }
    return 0;
}

static struct span without_quotes(struct span s) {
    bool quoted = s.len >= 2 && s.at[0] == '"' && s.at[s.len - 1] == '"';
    return quoted ? (struct span){s.at + 1, s.len - 2} : s;
}

/* Copies the CHARSET parameter, or "". A name that does not fit in room is not a
 * charset. */
static void get_charset(const struct vcard_line *line, char *charset, size_t room) {
    struct span rest = line->parameters;
    charset[0] = '\0';
    while (rest.len > 0) {
        struct parameter one = take_parameter(&rest);
        struct span value = without_quotes(one.values);
        if (span_is_word(one.name, "CHARSET"))
            snprintf(charset, room, "%.*s", (int)value.len, value.at);
    }
}

static const char *vcard_convert(const char *charset, struct span s, struct text *out) {
    if (charset_convert(charset, s, out) == 0)
        return NULL;
    return errno == EILSEQ  ? "bytes that are not valid in its charset"
           : errno == E2BIG ? "name or office longer than 16384 bytes"
                            : "unknown CHARSET";
}

const char *vcard_decode(const struct vcard_line *line, const char *charset, struct text *out) {
    char own[64];
    char bytes[VCARD_VALUE_MAX];
    struct text plain = {.at = bytes, .cap = sizeof(bytes)};
    struct span value = line->value;
    if (vcard_says(line, "ENCODING", "BASE64") || vcard_says(line, "ENCODING", "B"))
        return "name or office in base64, which is not supported";
    if (value.len > VCARD_VALUE_MAX)
        return "name or office longer than 16384 bytes";
    bool quoted = vcard_says(line, "ENCODING", "QUOTED-PRINTABLE");
    if (quoted && undo_quotes(value, &plain) < 0)
        return "malformed quoted-printable";
    if (quoted)
        value = text_span(&plain);
    get_charset(line, own, sizeof(own));
    if (own[0] != '\0')
        return vcard_convert(own, value, out);
    if (charset != NULL)
        return vcard_convert(charset, value, out);
    text_put(out, value);
    return NULL;
}

static bool is_one_of(const char *set, char c) {
    return c != '\0' && strchr(set, c) != NULL;
}

char vcard_take(struct span *value, const char *ends, struct text *out) {
    while (value->len > 0) {
        char c = value->at[0];
        size_t used = 1;
        if (c == '\\' && value->len > 1 && is_one_of("\\,;:nN", value->at[1])) {
            c = (value->at[1] | 0x20) == 'n' ? '\n' : value->at[1];
            used = 2;
        }
        *value = span_from(*value, used);
        if (used == 1 && is_one_of(ends, c))
            return c;
        text_put(out, (struct span){&c, 1});
    }
    return '\0';
}
