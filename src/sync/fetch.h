/* Fetches entries from a server into the state, in memory only. */
#ifndef LOOKUP_SYNC_FETCH_H
#define LOOKUP_SYNC_FETCH_H

#include "sync/attributes.h"
#include "sync/ldap_session.h"
#include "sync/profile.h"
#include "sync/state.h"

enum fetch_result {
    FETCH_OK,
    FETCH_INCOMPLETE, /* the answer may lack changes: fetch everything */
    FETCH_PAGES,      /* the server has no sync operation (RFC 4533) */
    FETCH_BEHIND,     /* the server lacks changes that the state already has */
    FETCH_FAILED,     /* session->why says why */
};

struct fetch {
    struct ldap_session *session;
    const struct sync_config *config;
    struct state *state;
    bool full;          /* fetch everything: entries that the server does not name are gone */
    struct span newest; /* the server's cookie must not be older; empty: no check */
    struct attributes attributes;
    unsigned long added;
    unsigned long changed;
    unsigned long removed;
    unsigned long skipped; /* values; the callback in attributes counts them */
    unsigned long found;   /* times that the server named an entry */
    unsigned long lost;    /* entries that seem to be gone until recheck_lost */
    bool incomplete;       /* the answer may lack changes */
    struct text cookie;    /* the server's new cookie; empty: none */
    char profile[PROFILE_MAX];
    char cookie_bytes[COOKIE_MAX];
};

/* For both, the caller sets the members from session to attributes, and opens the session. If the
 * result is not FETCH_OK, the caller must open the state again. */

/* Polls with the sync operation, refreshOnly (RFC 4533, section 3.3). Sends the state's cookie, or
 * none if full is set. */
enum fetch_result fetch_sync(struct fetch *fetch);

/* Fetches everything in pages (RFC 2696), and sets full. Returns FETCH_OK or FETCH_FAILED. */
enum fetch_result fetch_pages(struct fetch *fetch);

/* For recheck.c. Those that return int return 0, or -1 with the reason in session->why; the fetch
 * has then failed. */

/* Begins a search for the configured attributes and sets *id. control may be NULL. */
int fetch_search(struct fetch *fetch, const char *filter, LDAPControl *control, int *id);

/* Stores an entry that the server has sent, and marks it as present. */
int fetch_put(struct fetch *fetch, const struct identity *id, LDAPMessage *entry);

/* Marks an entry as present. Its profile does not change. */
void fetch_find(struct fetch *fetch, struct table_entry *entry);

/* Sets session->why from the result code of a failed search. */
void fetch_blame(struct fetch *fetch, int code);

#endif
