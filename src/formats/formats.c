#include "formats/formats.h"

#include <string.h>

/* The first one is the default. */
static const struct format formats[] = {
    {"plain", "txt", plain_read, false},
    {"csv", "csv tsv", csv_read, false},
    {"ldif", "ldif ldi ldf", ldif_read, false},
    {"vcard", "vcf vcard", vcard_read, true},
};

enum { FORMATS = sizeof(formats) / sizeof(formats[0]) };

const struct format *format_named(const char *name) {
    for (size_t i = 0; i < FORMATS; i++)
        if (strcmp(formats[i].name, name) == 0)
            return &formats[i];
    return NULL;
}

static const char *format_name_at(size_t number) {
    return number < FORMATS ? formats[number].name : NULL;
}

const char *format_names(const char *between, const char *last, char list[NAMES_MAX]) {
    return names_list(format_name_at, between, last, list);
}

static bool has_ending(const struct format *format, const char *ending) {
    for (const char *at = format->endings; *at != '\0'; at += strspn(at, " ")) {
        size_t word = strcspn(at, " ");
        if (span_is_word((struct span){at, word}, ending))
            return true;
        at += word;
    }
    return false;
}

const struct format *format_of(const char *file) {
    const char *slash = strrchr(file, '/');
    const char *dot = strrchr(slash == NULL ? file : slash, '.');
    for (size_t i = 0; dot != NULL && i < FORMATS; i++)
        if (has_ending(&formats[i], dot + 1))
            return &formats[i];
    return &formats[0];
}
