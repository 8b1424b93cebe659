#include "formats/postal.h"

#include <string.h>

static const char *const types[] = {
    "postalAddress",     "2.5.4.16", /* each with its OID */
    "registeredAddress", "2.5.4.26", "homePostalAddress", "0.9.2342.19200300.100.1.39",
};

bool postal_is(struct span type) {
    for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
        if (span_is_word(type, types[i]))
            return true;
    return false;
}

/* Returns the character that the escape at the start of s stands for, or 0 if s does
 * not start with one. */
static char unescaped(struct span s) {
    if (s.len < 3 || s.at[0] != '\\')
        return 0;
    if (s.at[1] == '2' && s.at[2] == '4')
        return '$';
    return s.at[1] == '5' && (s.at[2] == 'C' || s.at[2] == 'c') ? '\\' : 0;
}

struct span postal_decode(struct span s, char *out) {
    size_t len = 0;
    while (s.len > 0) {
        char c = unescaped(s);
        char first = s.at[0];
        s = span_from(s, c != 0 ? 3 : 1);
        out[len++] = c != 0 ? c : first == '$' ? '\n' : first;
    }
    return (struct span){out, len};
}
