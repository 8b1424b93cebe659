/* A session: a connection to an LDAP server (RFC 4511) that is bound and, with TLS, encrypted. TLS
 * always includes a check of the server's certificate. */
#ifndef LOOKUP_SYNC_LDAP_SESSION_H
#define LOOKUP_SYNC_LDAP_SESSION_H

#include "sync/config.h"
#include "sync/io_deadline.h"

#include <ldap.h>

enum {
    SESSION_WHY = 512, /* bytes of a reason, with its final NUL */
};

enum ldap_session_result {
    SESSION_OK,
    SESSION_FAILED,   /* another server may succeed */
    SESSION_REFUSED,  /* the credentials are wrong; no other server would accept them */
    SESSION_CONFUSED, /* the configuration is wrong */
};

struct ldap_session {
    LDAP *ldap;
    struct io_deadline io_deadline;
    deadline end; /* of the whole session: an hour after it was opened */
    bool stuck;   /* Kerberos gives no ticket; it would give none for another server either */
    char why[SESSION_WHY];
};

/* Connects to uri, starts TLS if the URI or config asks for it (RFC 4513, section 3), and binds.
 * secret is used for a simple bind only. Each step has a deadline of its own, and all of them end
 * by until; the session may then last an hour. After SESSION_OK, call ldap_session_close. After any
 * other result the session is closed, with the reason in session->why. */
enum ldap_session_result ldap_session_open(struct ldap_session *session,
                                           const struct sync_config *config, const char *uri,
                                           const char *secret, deadline until);
void ldap_session_close(struct ldap_session *session);

/* Waits for the next message of request id, for at most this many seconds and until the session
 * ends. The caller frees it with ldap_msgfree(3). Returns its type, as ldap_result(3) does, or -1
 * with the reason in session->why. */
int ldap_session_next(struct ldap_session *session, int id, int seconds, LDAPMessage **message);

/* Sets session->why to what, libldap's text for result and the server's diagnostic message. If
 * a deadline has shut the connection down, the reason is the timeout. */
void ldap_session_blame(struct ldap_session *session, const char *what, int result);

#endif
