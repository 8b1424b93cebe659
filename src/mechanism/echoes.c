#include "mechanism/echoes.h"

#include "data/cdbread.h"

void echoes_clear(struct echoes *echoes) {
    *echoes = (struct echoes){0};
}

bool echoes_note(struct echoes *echoes, struct span peer) {
    deadline *until = &echoes->until[cdbread_hash(peer) % ECHOES];
    if (*until > deadline_now())
        return false;
    *until = deadline_in(ECHOES_MS);
    return true;
}
