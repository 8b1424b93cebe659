/* ldif_lines COUNT: parses COUNT random lines of LDIF with our parser and with libldap. If
 * both accept a line, the results must be equal; we must refuse what libldap refuses. Skips
 * values in files, which libldap would open. */
#include "formats/ldif_line.h"

#include <stdio.h>
#include <stdlib.h>

/* ldif.h needs these. */
#include <lber.h>

#include <ldif.h>

static const char *const pieces[] = {
    "cn", "2.5.4.3", ";lang-en", ";", ":",    ": ",   ":: ", "::", " ", "\t", "\v", "x",
    "é",  "Q",       "QQ==",     "=", "QUI=", "QUJD", "/+",  "-",  "#", "<",  "_",  "\xff"};

static void make_line(char *line, size_t room) {
    size_t count = 1 + (size_t)rand() % 8;
    line[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        const char *piece = pieces[(size_t)rand() % (sizeof(pieces) / sizeof(pieces[0]))];
        strncat(line, piece, room - strlen(line) - 1);
    }
}

/* Returns 1 if both accept it with the same result, 0 if one refuses it, -1 if they differ. */
static int compare(const char *line) {
    char ours_room[256];
    char theirs_room[256];
    struct ldif_line ours;
    struct berval type;
    struct berval value;
    int is_copy = 0;
    bool taken = ldif_split(span_of(line), &ours) == 0;
    if (taken && ours.kind == LDIF_URL)
        return 0;
    if (taken && ours.kind == LDIF_BASE64) {
        taken = ldif_is_base64(ours.value);
        if (taken)
            ours.value = ldif_decode(ours.value, ours_room);
    }
    if (!taken)
        return 0;
    snprintf(theirs_room, sizeof(theirs_room), "%s", line);
    if (ldif_parse_line2(theirs_room, &type, &value, &is_copy) < 0)
        return -1;
    struct span whole_type = {ours.type.at, ours.type.len + ours.options.len};
    return span_equal(whole_type, span_of(type.bv_val)) &&
                   span_equal(ours.value, (struct span){value.bv_val, value.bv_len})
               ? 1
               : -1;
}

int main(int argc, char **argv) {
    long count = argc > 1 ? strtol(argv[1], NULL, 10) : 0;
    long alike = 0;
    char line[128];
    srand(20261128);
    for (long i = 0; i < count; i++) {
        make_line(line, sizeof(line));
        if (line[0] == ' ' || line[0] == '\t' || line[0] == '\v')
            continue; /* continues the line before */
        int result = compare(line);
        if (result < 0) {
            printf("not alike: %s\n", line);
            return 1;
        }
        alike += result;
    }
    printf("%s\n", alike > count / 10 ? "alike" : "too few were taken");
    return 0;
}
