/* A persistent search (RFC 4533, refreshAndPersist) that stores nothing. It only tells that
 * something in the directory has changed: it rings. */
#ifndef LOOKUP_SYNC_BELL_H
#define LOOKUP_SYNC_BELL_H

#include "sync/config.h"
#include "sync/ldap_session.h"

struct bell {
    struct ldap_session session;
    int id;
    bool hangs;      /* the search is under way */
    int64_t silence; /* time limit for the rest of a message, in ms */
    bool refused;    /* the credentials are wrong */
    bool useless;    /* no cookie: the server lacks the sync operation */
};

/* Begins the search at the server uri. It rings for changes after the state's last sync.
 * Returns 0, or -1 with the reason in bell->session.why. */
int bell_hang(struct bell *bell, const struct sync_config *config, const char *uri,
              const char *secret, deadline until);

/* Waits for a ring, and then settle ms more, so that several changes cause one poll. Returns 1
 * if it rang, 0 if the deadline passed, or -1 if the search ended, with the reason in
 * bell->session.why. */
int bell_wait(struct bell *bell, deadline until, int64_t settle);

void bell_take_down(struct bell *bell);

#endif
