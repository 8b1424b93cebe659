/* Encodes and decodes the messages of the LDAP Content Synchronization Operation (RFC 4533,
 * section 2). A server sends them, so every tag and every length is checked. */
#ifndef LOOKUP_SYNC_PROTOCOL_H
#define LOOKUP_SYNC_PROTOCOL_H

#include "sync/table.h"

#include <lber.h>

enum protocol_mode { PROTOCOL_REFRESH_ONLY = 1, PROTOCOL_REFRESH_AND_PERSIST = 3 };

/* The state of an entry in a Sync State control (RFC 4533, section 2.3). */
enum protocol_state { STATE_PRESENT, STATE_ADD, STATE_MODIFY, STATE_DELETE };

/* Returns the bytes of value, which it shares. */
struct span protocol_bytes(const struct berval *value);

/* Sets *value to the value of a Sync Request control (section 2.2). An empty cookie means none. The
 * caller frees value->bv_val with ber_memfree. Returns 0, or -1 if there is no memory. */
int protocol_request(enum protocol_mode mode, struct span cookie, struct berval *value);

/* The following three return 0, or -1 if the bytes are not what the RFC says. */

/* Decodes a Sync State control (section 2.3). Ignores its cookie. */
int protocol_entry(const struct berval *value, enum protocol_state *state, struct identity *id);

/* Decodes a Sync Done control (section 2.4). *cookie points into value; cookie->at is NULL if there
 * is no cookie. Sets *refresh_deletes if the server has named what is gone, and all else is
 * there. */
int protocol_done(const struct berval *value, struct span *cookie, bool *refresh_deletes);

/* The callback for an identity in a Sync Info message: the entry was deleted, or it is unchanged.
 * Returns 0, or -1 to stop. */
typedef int protocol_taker(void *context, const struct identity *id, bool is_deleted);

/* Decodes a Sync Info message (section 2.5) and calls take for each of its identities. Ignores its
 * cookies, because they come before the refresh is complete. Returns -1 also if take does. */
int protocol_info(const struct berval *value, protocol_taker *take, void *context);

/* Returns true if the old cookie covers a change that the new one does not. Compares the CSNs in
 * OpenLDAP's cookies, one for each provider. Returns false if the old cookie has no CSN. */
bool protocol_is_behind(struct span new_cookie, struct span old_cookie);

/* Returns true if cookie is one of OpenLDAP, which consists of CSNs. */
bool protocol_has_csn(struct span cookie);

#endif
