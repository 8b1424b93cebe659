/* A connection to one LDAP server, its certificate checked, and bound. */
#ifndef LOOKUP_SYNC_SESSION_H
#define LOOKUP_SYNC_SESSION_H

#include "sync/breaker.h"
#include "sync/config.h"

#include <ldap.h>

enum {
    SESSION_WHY = 512, /* bytes of what is said of a fault */
    SECRET_MAX = 1024,
};

enum session_result {
    SESSION_OK,
    SESSION_FAILED,   /* another server may do */
    SESSION_REFUSED,  /* the credentials are wrong, and would be everywhere */
    SESSION_CONFUSED, /* the configuration is wrong */
};

struct session {
    LDAP *ldap;
    struct breaker breaker;
    deadline end; /* of all that is done in it */
    char why[SESSION_WHY];
};

/* Reads the secret for a simple bind: secret-file, which nobody else may read, or
 * the service's credential. NULL, or what is wrong (static text). */
const char *session_secret(const struct sync_config *config, char secret[SECRET_MAX]);

/* Connects to uri, speaks TLS if it is to, and binds; secret counts for a simple
 * bind only. All of this ends by until. If it fails, session->why says what did, and the session is
 * closed. */
enum session_result session_open(struct session *session, const struct sync_config *config,
                                 const char *uri, const char *secret, deadline until);
void session_close(struct session *session);

/* The next message of request id, as long as the server is not silent for
 * seconds. The answer is ldap_result(3)'s; -1: session->why says what failed. */
int session_next(struct session *session, int id, int seconds, LDAPMessage **message);

/* Sets session->why: what, and the server's or libldap's word for it. */
void session_blame(struct session *session, const char *what, int result);

#endif
