/* A line of LDIF, unfolded: TYPE[;OPTION ...]: VALUE, :: BASE64 or :< URL (RFC
 * 2849, section 2). */
#ifndef LOOKUP_LDIF_LINE_H
#define LOOKUP_LDIF_LINE_H

#include "data/bytes.h"

enum ldif_kind { LDIF_TEXT, LDIF_BASE64, LDIF_URL };

struct ldif_line {
    struct span type;    /* without its options */
    struct span options; /* each with its semicolon */
    enum ldif_kind kind;
    struct span value; /* as it stands there, without the blanks before it */
};

/* Takes line apart; -1: it is none. */
int ldif_split(struct span line, struct ldif_line *parts);

/* True if the type is word, upper and lower case of ASCII being the same. */
bool ldif_is(const struct ldif_line *line, const char *word);

/* True if the attribute has that option. */
bool ldif_has_option(const struct ldif_line *line, const char *option);

/* True of base64 that is whole (RFC 4648, section 4). */
bool ldif_is_base64(struct span s);

/* Decodes what is base64, into out, which may be where s is: it becomes no
 * longer. Returns what was decoded. */
struct span ldif_decode(struct span s, char *out);

#endif
