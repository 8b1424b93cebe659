/* The names and offices in a vCard. */
#ifndef LOOKUP_VCARD_PERSON_H
#define LOOKUP_VCARD_PERSON_H

#include "formats/person.h"
#include "formats/vcard_line.h"

enum card_version { CARD_NONE, CARD_21, CARD_30, CARD_40 };

enum {
    CARD_LINES = 512,       /* lines of a card that are used */
    CARD_ROOM = 256 * 1024, /* bytes of all of them */
};

/* The meaning of a line depends on the card's VERSION, which may come later. So
 * the lines are kept, still folded, until the card ends. */
struct card_line {
    size_t at; /* offset in room */
    size_t len;
    unsigned long number;
};

struct card {
    const char *charset;       /* the source's charset; NULL: UTF-8 */
    enum card_version version; /* CARD_NONE: not yet known */
    struct card_line line[CARD_LINES];
    size_t count;
    size_t used;
    char room[CARD_ROOM];
    struct person person; /* set by card_finish */
};

void card_clear(struct card *card);

/* Sets the version from the value of VERSION. Returns NULL or an error message. */
const char *card_take_version(struct card *card, struct span value);

/* True if the property holds names, an office, or the label of an address. */
bool card_wants(struct span name);

/* Keeps a line with such a property, with its folds marked. number is its line
 * number. */
void card_keep(struct card *card, struct span marked, unsigned long number);

/* Collects card->person from the lines. */
void card_finish(struct card *card);

#endif
