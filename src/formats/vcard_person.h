/* What a vCard says of a person's names and offices. */
#ifndef LOOKUP_VCARD_PERSON_H
#define LOOKUP_VCARD_PERSON_H

#include "formats/person.h"
#include "formats/vcard_line.h"

enum card_version { CARD_NONE, CARD_21, CARD_30, CARD_40 };

struct card {
    const char *charset;       /* that the source is in; NULL: UTF-8 */
    enum card_version version; /* CARD_NONE: not yet said */
    struct person person;
};

void card_clear(struct card *card);

/* Takes the version, or a property, found at number, that has names or an office.
 * NULL; else what is wrong with it. */
const char *card_take(struct card *card, const struct vcard_line *line, unsigned long number);

#endif
