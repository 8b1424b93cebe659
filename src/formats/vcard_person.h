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
    size_t count;         /* number of lines kept */
    size_t used;          /* bytes in room */
    char room[CARD_ROOM]; /* the lines kept, one after the other */
    struct person person; /* its faults may come earlier, all else from card_finish */
};

void card_clear(struct card *card);

/* Sets the version from the value of VERSION; 1.0 counts as 2.1. Returns NULL or an
 * error message. */
const char *card_take_version(struct card *card, struct span value);

/* Returns true if the property holds names, an office, or the label of an address. */
bool card_wants(struct span name);

/* Keeps a line with such a property, with its folds marked. number is its line
 * number. If there is no room, calls person_spoil. */
void card_keep(struct card *card, struct span marked, unsigned long number);

/* Collects card->person from the lines. */
void card_finish(struct card *card);

#endif
