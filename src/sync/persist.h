/* A search that goes on and reports each change in the directory: the sync operation's mode
 * refreshAndPersist (RFC 4533, section 3.4). Nothing is stored: a change is only a reason to poll.
 */
#ifndef LOOKUP_SYNC_PERSIST_H
#define LOOKUP_SYNC_PERSIST_H

#include "sync/config.h"
#include "sync/ldap_session.h"
#include "sync/status.h"

struct persist {
    struct ldap_session session;
    int id;
    bool is_open;     /* the search is under way */
    deadline began;   /* when it began */
    int64_t silence;  /* time limit for the rest of a message, in ms */
    bool refused;     /* the credentials are wrong */
    bool unsupported; /* the state has no cookie, as if the server lacks the sync operation */
    char polled[STATUS_TEXT_MAX]; /* for the caller: the server of the last poll before it began */
};

/* Begins the search at the server uri, which is connected and bound by until (ldap_session_open).
 * The search reports changes after the state's last sync. Returns 0, or -1 with the reason in
 * persist->session.why. */
int persist_open(struct persist *persist, const struct sync_config *config, const char *uri,
                 const char *secret, deadline until);

/* Waits for a change, and then settle ms more, so that several changes cause one poll. Returns 1
 * after a change, 0 if the deadline passed, or -1 if the search ended, with the reason in
 * persist->session.why. */
int persist_wait(struct persist *persist, deadline until, int64_t settle);

void persist_close(struct persist *persist);

#endif
