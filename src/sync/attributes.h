/* Reads names and offices from an LDAP entry. */
#ifndef LOOKUP_SYNC_ATTRIBUTES_H
#define LOOKUP_SYNC_ATTRIBUTES_H

#include "formats/person.h"
#include "sync/config.h"
#include "sync/table.h"

#include <ldap.h>

/* The callback for a value that is skipped because a book cannot hold it. */
typedef void attributes_skipped(void *context, const char *dn, const char *attribute,
                                const char *what);

struct attributes {
    const struct sync_config *config;
    attributes_skipped *skipped;
    void *context;
    struct person person;
};

/* Fills asked with the attributes to request: names, offices, identities and class. A NULL
 * follows the last. The strings belong to config. */
enum { ATTRIBUTES_ASKED = 2 * CONFIG_LIST_MAX + 4 };
void attributes_asked(const struct sync_config *config, const char *asked[ATTRIBUTES_ASKED]);

/* Writes the entry's profile, which must have room for PROFILE_MAX bytes. It is empty if the entry
 * has no name or no office. Returns 0, or -1 if libldap cannot read the entry. */
int attributes_take(struct attributes *attributes, LDAP *ldap, LDAPMessage *entry,
                    struct text *profile);

/* Returns the identity from the attribute that config names, or else from the DN. */
struct identity attributes_identity(const struct sync_config *config, LDAP *ldap,
                                    LDAPMessage *entry);

/* Sets id from entryUUID (RFC 4530), as the sync operation uses it. Returns false if the entry has
 * none. */
bool attributes_uuid(LDAP *ldap, LDAPMessage *entry, struct identity *id);

/* Returns a filter for the entries that match filter and for containers. The server reports a move
 * of a container, but not of the entries below it. The caller frees it. NULL: no memory. */
char *attributes_filter(const char *filter);

#endif
