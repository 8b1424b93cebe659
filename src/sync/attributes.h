/* Reads names and offices from an LDAP entry. */
#ifndef LOOKUP_SYNC_ATTRIBUTES_H
#define LOOKUP_SYNC_ATTRIBUTES_H

#include "formats/person.h"
#include "sync/config.h"
#include "sync/table.h"

#include <ldap.h>

/* The callback for a value that is skipped because a book cannot hold it. dn is "" if libldap
 * cannot read it; what is the reason. */
typedef void attributes_skipped(void *context, const char *dn, const char *attribute,
                                const char *what);

struct attributes {
    const struct sync_config *config;
    attributes_skipped *skipped;
    void *context;
    struct person person;
};

/* Fills asked with the attributes to request: names, offices, identities and class. A NULL
 * follows the last. The strings belong to config or are constants. */
enum { ATTRIBUTES_ASKED = 2 * CONFIG_LIST_MAX + 4 };
void attributes_asked(const struct sync_config *config, const char *asked[ATTRIBUTES_ASKED]);

/* Sets profile to the names and offices of the entry; to nothing if it lacks a name or an office.
 * The profile of a container has a hash of its DN instead, which changes when the container moves.
 * Skips values that a book cannot hold. Returns 0, or -1 if profile has no room; PROFILE_MAX bytes
 * are enough. */
int attributes_take(struct attributes *attributes, LDAP *ldap, LDAPMessage *entry,
                    struct text *profile);

/* Returns the identity from the attribute that config names, or else from the DN: 16 bytes, or a
 * UUID in text form (RFC 4530, section 2.1), as they are; a hash of any other value. */
struct identity attributes_identity(const struct sync_config *config, LDAP *ldap,
                                    LDAPMessage *entry);

/* Sets id from entryUUID (RFC 4530), as the sync operation uses it. Returns false if the entry has
 * none. */
bool attributes_uuid(LDAP *ldap, LDAPMessage *entry, struct identity *id);

/* Returns a filter for the entries that match filter and for containers: the server reports a move
 * of a container, but not of the entries below it. The caller frees the result. Returns NULL if
 * there is no memory. */
char *attributes_filter(const char *filter);

#endif
