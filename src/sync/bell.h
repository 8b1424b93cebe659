/* A persistent search (RFC 4533, refreshAndPersist) that stores nothing: it rings
 * when something in the directory has changed. */
#ifndef LOOKUP_SYNC_BELL_H
#define LOOKUP_SYNC_BELL_H

#include "sync/config.h"
#include "sync/session.h"

struct bell {
    struct session session;
    int id;
    bool hangs;   /* it can ring */
    bool useless; /* there is no cookie: servers without the sync operation have none */
};

/* Hangs it up at the server uri, to ring for what comes after the state's last
 * sync. 0; -1: bell->session.why says why not. */
int bell_hang(struct bell *bell, const struct sync_config *config, const char *uri,
              const char *secret);

/* Waits. 1 it has rung, and for settle milliseconds more it was listened to; 0 the
 * deadline has passed; -1 it fell: the session's why says why. */
int bell_wait(struct bell *bell, deadline until, int64_t settle);

void bell_take_down(struct bell *bell);

#endif
