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
};

struct person_value {
    enum person_part part;
    struct span text;
    unsigned long line;
};

struct person {
    struct person_value value[PERSON_VALUES];
    size_t count;
    char room[PERSON_ROOM]; /* where the texts are */
    size_t used;
};

void person_clear(struct person *person);

/* Keeps a copy of text, which was found at line. A blank one, or one that is
 * there already, is passed over. NULL; else what is wrong with it. */
const char *person_add(struct person *person, enum person_part part, struct span text,
                       unsigned long line);

/* Hands each name with each office to the caller, at the line of the office; if
 * there is no name or no office, it is told so, at line. As the caller returns. */
int person_give(const struct person *person, unsigned long line, const struct source_events *to);

#endif
