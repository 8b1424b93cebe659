/* Who was lately sent an answer that could come back as a question. */
#ifndef LOOKUP_ECHOES_H
#define LOOKUP_ECHOES_H

#include "data/bytes.h"
#include "mechanism/deadline.h"

enum {
    ECHOES = 256,     /* peers remembered; two may have to share a place */
    ECHOES_MS = 1000, /* for how long */
};

struct echoes {
    deadline until[ECHOES];
};

void echoes_clear(struct echoes *echoes);

/* Remembers the peer whose address these bytes are. False if one in its place
 * was remembered already: it should not be answered now. */
bool echoes_note(struct echoes *echoes, struct span peer);

#endif
