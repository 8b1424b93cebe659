/* An unfolded line of LDIF: TYPE[;OPTION ...]: VALUE, :: BASE64 or :< URL
 * (attrval-spec in the formal syntax of RFC 2849). */
#ifndef LOOKUP_LDIF_LINE_H
#define LOOKUP_LDIF_LINE_H

#include "data/bytes.h"

enum ldif_kind { LDIF_TEXT, LDIF_BASE64, LDIF_URL };

struct ldif_line {
    struct span type;    /* without its options */
    struct span options; /* each with the semicolon before it */
    enum ldif_kind kind;
    struct span value; /* as written, without the blanks before it */
};

/* Splits line into parts, which point into it. Returns 0, or -1 if it is malformed. */
int ldif_split(struct span line, struct ldif_line *parts);

/* Returns true if the type is word, ignoring ASCII case. */
bool ldif_is(const struct ldif_line *line, const char *word);

/* Returns true if the attribute has that option, ignoring ASCII case. */
bool ldif_has_option(const struct ldif_line *line, const char *option);

/* Returns true if s is complete base64 (RFC 4648, section 4) and not empty. */
bool ldif_is_base64(struct span s);

/* Decodes s, for which ldif_is_base64 is true, into out. out may be s.at,
 * because the result is never longer. Returns the result. */
struct span ldif_decode(struct span s, char *out);

#endif
