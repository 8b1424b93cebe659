/* What a vCard says of a person's names and offices. */
#ifndef LOOKUP_VCARD_PERSON_H
#define LOOKUP_VCARD_PERSON_H

#include "formats/person.h"
#include "formats/vcard_line.h"

enum card_version { CARD_NONE, CARD_21, CARD_30, CARD_40 };

enum {
    CARD_LINES = 512,       /* that say something of a person */
    CARD_ROOM = 256 * 1024, /* bytes of them all */
};

/* What the lines mean depends on the version, which need not come first. So they
 * are kept, folds and all, to the end of the card. */
struct card_line {
    size_t at; /* in room */
    size_t len;
    unsigned long number;
};

struct card {
    const char *charset;       /* that the source is in; NULL: UTF-8 */
    enum card_version version; /* CARD_NONE: not yet said */
    struct card_line line[CARD_LINES];
    size_t count;
    size_t used;
    char room[CARD_ROOM];
    struct person person; /* once the card has ended */
};

void card_clear(struct card *card);

/* Takes what VERSION says. NULL; else what is wrong with it. */
const char *card_take_version(struct card *card, struct span value);

/* True if properties of that name have names or an office, or say of what kind
 * one is. */
bool card_wants(struct span name);

/* Keeps a line with such a property, found at number, its folds marked. */
void card_keep(struct card *card, struct span marked, unsigned long number);

/* Makes a person of the lines. */
void card_finish(struct card *card);

#endif
