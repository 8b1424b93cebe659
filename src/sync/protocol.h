/* The LDAP Content Synchronization Operation's bytes (RFC 4533, section 2), which
 * come from a server: nothing is taken for granted. */
#ifndef LOOKUP_SYNC_PROTOCOL_H
#define LOOKUP_SYNC_PROTOCOL_H

#include "sync/table.h"

#include <lber.h>

enum protocol_mode { PROTOCOL_REFRESH_ONLY = 1, PROTOCOL_REFRESH_AND_PERSIST = 3 };

/* What a Sync State control says of an entry. */
enum protocol_state { STATE_PRESENT, STATE_ADD, STATE_MODIFY, STATE_DELETE };

/* The value of a Sync Request control; cookie empty: none. To be freed by
 * ber_memfree. 0, or -1 no memory. */
int protocol_request(enum protocol_mode mode, struct span cookie, struct berval *value);

/* All return 0, or -1: the bytes are broken. */

int protocol_entry(const struct berval *value, enum protocol_state *state, struct identity *id);

/* cookie->at NULL: there is none. It stands in value. */
int protocol_done(const struct berval *value, struct span *cookie, bool *refresh_deletes);

/* Is given the identities of a Sync Info message; -1 to be given no more. */
typedef int protocol_taker(void *context, const struct identity *id, bool is_deleted);

/* A Sync Info message: its identities, if it has any. Its cookies do not count
 * here: they are of a refresh half-way. As the taker returns. */
int protocol_info(const struct berval *value, protocol_taker *take, void *context);

/* True if the server with the new cookie has not yet seen a change that the old
 * one counts in (the CSNs of OpenLDAP's cookies, one for each provider). */
bool protocol_is_behind(struct span new_cookie, struct span old_cookie);

#endif
