/* An entry of LDIF or vCard, put together from several lines. */
#ifndef LOOKUP_PERSON_H
#define LOOKUP_PERSON_H

#include "formats/source.h"

enum {
    PERSON_VALUES = 256,      /* names and offices */
    PERSON_ROOM = 128 * 1024, /* bytes of all of them */
};

enum person_part {
    PERSON_NAME,
    PERSON_NAME_ELSE, /* counts only where there is no PERSON_NAME */
    PERSON_FURTHER,   /* a name in any case, after those */
    PERSON_OFFICE,
    PERSON_OFFICE_ELSE, /* counts only where there is no PERSON_OFFICE */
    PERSON_OFFICE_LAST, /* counts only where there is neither */
    PERSON_PARTS,
};

struct person_value {
    enum person_part part;
    struct span text;
    const char *fault; /* what is wrong with it, instead of a text; else NULL */
    unsigned long line;
};

struct person {
    struct person_value value[PERSON_VALUES];
    size_t count;
    bool has[PERSON_PARTS]; /* some value of that part, be there room for it or not */
    const char *fault;      /* of the entry as a whole; NULL: none */
    unsigned long fault_line;
    char room[PERSON_ROOM]; /* where the texts are */
    size_t used;
};

void person_clear(struct person *person);

/* Keeps a copy of text, which was found at line. One that has nothing in it, or
 * is there already, is passed over. */
void person_add(struct person *person, enum person_part part, struct span text, unsigned long line);

/* Keeps what is wrong with such a text, a string that stays. */
void person_add_fault(struct person *person, enum person_part part, const char *fault,
                      unsigned long line);

/* Keeps the first thing that is wrong with the entry as a whole. */
void person_spoil(struct person *person, const char *fault, unsigned long line);

/* Hands each name with each office to the caller, at the line of the office; if
 * there is no name or no office, it is told so, at line, and nothing else is
 * judged. What is not used is not, either. As the caller returns. */
int person_give(const struct person *person, unsigned long line, const struct source_events *to);

#endif
