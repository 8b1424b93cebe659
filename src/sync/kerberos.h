/* Binds by Kerberos (SASL GSSAPI, RFC 4752), with the keys of this machine in a keytab. */
#ifndef LOOKUP_SYNC_KERBEROS_H
#define LOOKUP_SYNC_KERBEROS_H

#include "sync/ldap_session.h"
#include "sync/secret.h"

/* Loads the mechanism, reads the keytab, sets the environment variables by which libkrb5 finds it,
 * and sets config->binder to its first principal. Does nothing if config asks for another bind.
 * Call it before there are threads, and before the sandbox. Returns 0, or -1 with the reason in
 * why. */
int kerberos_prepare(struct sync_config *config, char why[SECRET_WHY]);

/* Binds as the first principal of the keytab to the service ldap at the host that the URI
 * names, with new tickets. Server and client both prove who they are. If has_tls, the bind belongs
 * to that TLS connection (RFC 5929, section 4), provided that libldap can do it; if not has_tls,
 * and the connection is not local, all that follows is signed and encrypted.
 *
 * Kerberos has 20 seconds to answer. If it does not, session->ldap is NULL afterwards: a thread
 * that still waits for Kerberos closes the connection. Without tickets session->stuck is set.
 * Returns SESSION_OK, or another result with the reason in session->why: SESSION_REFUSED only if
 * Kerberos says that the keys are wrong. */
enum ldap_session_result kerberos_bind(struct ldap_session *session, bool has_tls, bool is_local);

#endif
