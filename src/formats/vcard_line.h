/* An unfolded line of a vCard: [GROUP.]NAME[;PARAMETER ...]:VALUE (RFC 6350,
 * section 3.3; RFC 2426, section 4; vCard 2.1, section 2.1). */
#ifndef LOOKUP_VCARD_LINE_H
#define LOOKUP_VCARD_LINE_H

#include "data/bytes.h"

enum { VCARD_VALUE_MAX = 16 * 1024 }; /* longest value that is decoded, in bytes */

struct vcard_line {
    struct span group; /* item1 of item1.ADR; empty if there is none */
    struct span name;
    struct span parameters; /* each with the semicolon before it */
    struct span value;      /* as written, still encoded */
};

/* Splits line into parts. Returns 0, or -1 if it is malformed. */
int vcard_split(struct span line, struct vcard_line *parts);

/* Appends a line with marked folds (unfold_append_marked) without the marks, as
 * far as out has room. blanks_stay: keeps the blank after a fold. In version 2.1
 * that blank is part of the line, in the others it is not. */
void vcard_unfold(struct span marked, bool blanks_stay, struct text *out);

/* Returns true if the line has the parameter with the value word. Version 2.1
 * also writes values without a parameter name; these count as ENCODING if they
 * name an encoding, and as TYPE otherwise. */
bool vcard_says(const struct vcard_line *line, const char *parameter, const char *word);

/* Returns true if all values of the parameter are among words, which ends in NULL;
 * also if the line lacks the parameter. */
bool vcard_says_only(const struct vcard_line *line, const char *parameter,
                     const char *const *words);

/* Decodes the value from quoted-printable (RFC 2045, section 6.7), if it is that,
 * and from its charset, and appends it in UTF-8. The charset is the line's CHARSET,
 * or else charset; NULL means UTF-8. Returns NULL or an error message, such as for
 * base64. out must have room for VCARD_VALUE_MAX bytes. */
const char *vcard_decode(const struct vcard_line *line, const char *charset, struct text *out);

/* Removes the text up to the first unescaped character of ends, and that
 * character, from value; or all of value if there is none. Appends the text to
 * out, unescaped (RFC 6350, section 3.4). Returns the character found, or NUL. */
char vcard_take(struct span *value, const char *ends, struct text *out);

#endif
