/* A line of a vCard, unfolded: [GROUP.]NAME[;PARAMETER ...]:VALUE (RFC 6350,
 * section 3.3; RFC 2426, section 4; vCard 2.1, section 2.1). */
#ifndef LOOKUP_VCARD_LINE_H
#define LOOKUP_VCARD_LINE_H

#include "data/bytes.h"

enum { VCARD_VALUE_MAX = 16 * 1024 }; /* bytes of a value that is looked into */

struct vcard_line {
    struct span group; /* empty: none; else as item1 of item1.ADR */
    struct span name;
    struct span parameters; /* each with its semicolon */
    struct span value;      /* as it stands there */
};

/* Takes line apart; -1: it is none. */
int vcard_split(struct span line, struct vcard_line *parts);

/* Appends a line whose folds are marked (unfold.h), without them, as far as there
 * is room: version 2.1 is folded before a blank, which stays, the others anywhere,
 * by a blank. */
void vcard_unfold(struct span marked, bool blanks_stay, struct text *out);

/* True if s is word, upper and lower case of ASCII being the same. */
bool vcard_is(struct span s, const char *word);

/* True if the parameter is there and has word among its values, or NULL, any.
 * What version 2.1 has without a parameter's name counts as its ENCODING if it
 * is one, else as its TYPE. */
bool vcard_says(const struct vcard_line *line, const char *parameter, const char *word);

/* True if the parameter has no values but those among words, which end in NULL. */
bool vcard_says_only(const struct vcard_line *line, const char *parameter,
                     const char *const *words);

/* Appends the value in UTF-8, its quoted-printable (RFC 2045, section 6.7)
 * undone. It is in its CHARSET, else in charset, else, with NULL, in UTF-8. NULL;
 * else what is wrong. out must have room for VCARD_VALUE_MAX. */
const char *vcard_decode(const struct vcard_line *line, const char *charset, struct text *out);

/* Moves what comes before the first of ends in value, or all of it, to out, with
 * its escapes undone (RFC 6350, section 3.4). The end that was passed, or NUL. */
char vcard_take(struct span *value, const char *ends, struct text *out);

#endif
