/* A persistent search (RFC 4533, refreshAndPersist) that stores nothing. It
 * rings when something in the directory has changed. */
#ifndef LOOKUP_SYNC_BELL_H
#define LOOKUP_SYNC_BELL_H

#include "sync/config.h"
#include "sync/session.h"

struct bell {
    struct session session;
    int id;
    bool hangs;      /* the search is under way */
    int64_t silence; /* milliseconds that the rest of a message may take */
    bool useless;    /* there is no cookie: servers without the sync operation have none */
};

/* Begins the search at the server uri. It reports what changes after the state's last
 * sync. 0; -1: bell->session.why says why it could not begin. */
int bell_hang(struct bell *bell, const struct sync_config *config, const char *uri,
              const char *secret);

/* Waits for a ring, and then for settle milliseconds more, so that changes that come
 * together cause one poll. 1: it rang; 0: the deadline passed; -1: the search ended,
 * and bell->session.why says why. */
int bell_wait(struct bell *bell, deadline until, int64_t settle);

void bell_take_down(struct bell *bell);

#endif
