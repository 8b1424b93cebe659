/* What an entry as a server sends it says of names and offices. */
#ifndef LOOKUP_SYNC_ATTRIBUTES_H
#define LOOKUP_SYNC_ATTRIBUTES_H

#include "formats/person.h"
#include "sync/config.h"
#include "sync/table.h"

#include <ldap.h>

/* Is told of a value that no book can hold, which is left out. */
typedef void attributes_skipped(void *context, const char *dn, const char *attribute,
                                const char *what);

struct attributes {
    const struct sync_config *config;
    attributes_skipped *skipped;
    void *context;
    struct person person;
};

/* Those to ask for: names, offices, identities and class. asked has room for all;
 * the strings are the configuration's. */
enum { ATTRIBUTES_ASKED = 2 * CONFIG_LIST_MAX + 4 };
void attributes_asked(const struct sync_config *config, const char *asked[ATTRIBUTES_ASKED]);

/* Sets profile, which has room for PROFILE_MAX: empty without a name or an office.
 * 0, or -1: libldap cannot read the entry. */
int attributes_take(struct attributes *attributes, LDAP *ldap, LDAPMessage *entry,
                    struct text *profile);

/* The identity by the attribute that the configuration names, else by its DN. */
struct identity attributes_identity(const struct sync_config *config, LDAP *ldap,
                                    LDAPMessage *entry);

/* The identity by entryUUID (RFC 4530), as the sync operation has it. False: it has none. */
bool attributes_uuid(LDAP *ldap, LDAPMessage *entry, struct identity *id);

/* A filter for what matches filter or has entries below it: only of those is it
 * told when they move. To be freed. NULL: no memory. */
char *attributes_filter(const char *filter);

#endif
