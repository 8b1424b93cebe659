#include "formats/output.h"

#include "data/escape.h"
#include "data/json.h"
#include "data/utf8.h"

#include <string.h>

static void output_put_character(FILE *to, struct span one, bool terminal) {
    char bytes[16];
    struct text shown = {.at = bytes, .cap = sizeof(bytes)};
    if (terminal || !utf8_is_plain(one))
        escape(one, "", "\t", &shown);
    else
        text_put(&shown, one);
    fwrite(shown.at, 1, shown.len, to);
}

void output_put(FILE *to, struct span s, bool terminal) {
    uint32_t point;
    for (size_t used; s.len > 0; s = span_from(s, used)) {
        used = utf8_decode(s, &point);
        used = used > 0 ? used : 1;
        output_put_character(to, (struct span){s.at, used}, terminal);
    }
}

/* Other programs might drop spaces at its ends. Some take a semicolon, a tab or a bar for the
 * separator. */
static bool csv_needs_quotes(struct span field) {
    if (field.len == 0 || field.at[0] == ' ' || field.at[field.len - 1] == ' ')
        return true;
    for (size_t i = 0; i < field.len; i++)
        if (strchr("\",;\t|", field.at[i]) != NULL && field.at[i] != '\0')
            return true;
    return false;
}

static void csv_write_field(FILE *to, struct span field, bool terminal) {
    const char *quote;
    if (!csv_needs_quotes(field)) {
        output_put(to, field, terminal);
        return;
    }
    putc('"', to);
    while (field.len > 0 && (quote = memchr(field.at, '"', field.len)) != NULL) {
        size_t len = (size_t)(quote - field.at);
        output_put(to, (struct span){field.at, len}, terminal);
        fputs("\"\"", to);
        field = span_from(field, len + 1);
    }
    output_put(to, field, terminal);
    putc('"', to);
}

static void csv_write(FILE *to, struct span name, struct span office, bool terminal) {
    csv_write_field(to, name, terminal);
    putc(',', to);
    csv_write_field(to, office, terminal);
    putc('\n', to);
}

static void json_write_string(FILE *to, struct span s) {
    char bytes[JSON_CHARACTER_MAX];
    putc('"', to);
    while (s.len > 0) {
        struct text one = {.at = bytes, .cap = sizeof(bytes)};
        json_put_character(&s, &one);
        fwrite(one.at, 1, one.len, to);
    }
    putc('"', to);
}

/* terminal changes nothing: json_put_character always escapes what could act on one. */
static void json_write(FILE *to, struct span name, struct span office, bool terminal) {
    (void)terminal;
    fputs("{\"name\":", to);
    json_write_string(to, name);
    fputs(",\"office\":", to);
    json_write_string(to, office);
    fputs("}\n", to);
}

static const struct output outputs[] = {
    {"plain", "", plain_write},
    {"csv", "Name,Office\n", csv_write},
    {"json", "", json_write},
};

enum { OUTPUTS = sizeof(outputs) / sizeof(outputs[0]) };

const struct output *output_named(const char *name) {
    for (size_t i = 0; i < OUTPUTS; i++)
        if (strcmp(outputs[i].name, name) == 0)
            return &outputs[i];
    return NULL;
}

static const char *output_name_at(size_t number) {
    return number < OUTPUTS ? outputs[number].name : NULL;
}

const char *output_names(const char *between, const char *last, char list[NAMES_MAX]) {
    return names_list(output_name_at, between, last, list);
}
