/* An entry of LDIF or vCard, collected from several lines. */
#ifndef LOOKUP_PERSON_H
#define LOOKUP_PERSON_H

#include "formats/source.h"

#include <stdint.h>

enum {
    PERSON_VALUES = 256,      /* names and offices */
    PERSON_ROOM = 128 * 1024, /* bytes of all names and offices */
};

enum person_part {
    PERSON_NAME,
    PERSON_NAME_ELSE, /* counts only where there is no PERSON_NAME */
    PERSON_FURTHER,   /* an additional name, given after the others */
    PERSON_OFFICE,
    PERSON_OFFICE_ELSE, /* counts only where there is no PERSON_OFFICE */
    PERSON_OFFICE_LAST, /* counts only where there is neither */
    PERSON_PARTS,
};

struct person_value {
    enum person_part part;
    struct span text;
    const char *fault; /* why there is no text; NULL: there is one */
    unsigned long line;
    uint64_t hash; /* of the folded name; 0: the name cannot be folded, or this is an office */
};

struct person {
    struct person_value value[PERSON_VALUES];
    size_t count;
    bool has[PERSON_PARTS]; /* a value of that part was found, even if there was no room */
    const char *fault;      /* fault of the entry as a whole; NULL: none */
    unsigned long fault_line;
    char room[PERSON_ROOM]; /* holds the texts */
    size_t used;
};

void person_clear(struct person *person);

/* Adds a copy of text, which was found at line, without the blanks and blank
 * lines around it. Ignores an empty text, and one that the same part has already;
 * a further name also if it is a PERSON_NAME. Names are the same if they are so
 * when folded. If text is too long, adds a fault instead; if there is no room,
 * calls person_spoil. */
void person_add(struct person *person, enum person_part part, struct span text, unsigned long line);

/* Adds a value that cannot be read. fault, the reason, must stay valid. */
void person_add_fault(struct person *person, enum person_part part, const char *fault,
                      unsigned long line);

/* Records a fault of the entry as a whole. Only the first one is kept. */
void person_spoil(struct person *person, const char *fault, unsigned long line);

/* Calls on_entry for each name with each office, with the office's line. If
 * there is no name or no office, calls on_skip with line and checks nothing
 * else. If a value that is used or the entry as a whole has a fault, calls
 * on_error with the first of these faults, and on_entry for nothing. Returns
 * what the callbacks return. */
int person_give(const struct person *person, unsigned long line, const struct source_events *to);

#endif
