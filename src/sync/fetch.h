/* Fetches entries by a session into the state, in memory only. */
#ifndef LOOKUP_SYNC_FETCH_H
#define LOOKUP_SYNC_FETCH_H

#include "sync/attributes.h"
#include "sync/profile.h"
#include "sync/session.h"
#include "sync/state.h"

enum fetch_result {
    FETCH_OK,
    FETCH_DOUBT,  /* what is known may be wrong: everything must be fetched */
    FETCH_PAGES,  /* the server has no sync operation (RFC 4533) */
    FETCH_BEHIND, /* the server lacks changes that another one has sent */
    FETCH_FAILED, /* session->why says why */
};

struct fetch {
    struct session *session;
    const struct sync_config *config;
    struct state *state;
    bool full;          /* what the server does not name is gone */
    struct span newest; /* a cookie that the server's must not be behind; empty: any will do */
    struct attributes attributes;
    unsigned long added;
    unsigned long changed;
    unsigned long removed;
    unsigned long skipped; /* values */
    unsigned long lost;    /* entries that are said to be gone, for now */
    bool doubt;
    struct text cookie; /* that came with it; empty: none */
    char profile[PROFILE_MAX];
    char cookie_bytes[COOKIE_MAX];
};

/* Polls by the sync operation, refreshOnly, with the state's cookie or, if full,
 * with none. If it is not FETCH_OK the state must be opened again. */
enum fetch_result fetch_sync(struct fetch *fetch);

/* All by pages (RFC 2696). */
enum fetch_result fetch_pages(struct fetch *fetch);

/* Parts of it. All return 0, or -1: the fetch is over, and session->why says why. */

/* Begins a search for the attributes that count; control NULL: none. */
int fetch_search(struct fetch *fetch, const char *filter, LDAPControl *control, int *id);

/* Takes an entry as the server has it now. */
int fetch_put(struct fetch *fetch, const struct identity *id, LDAPMessage *entry);

/* Takes an entry that is there as it is known. */
void fetch_find(struct fetch *fetch, struct table_entry *entry);

/* Sets session->why by the code of a search that has failed. */
void fetch_blame(struct fetch *fetch, int code);

#endif
