#include "sync/ldap_session.h"

#include "sync/dial.h"
#include "sync/kerberos.h"

#include <errno.h>
#include <openldap.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { /* milliseconds */
       CLOSE_TIME = 3000,
       TLS_TIME = 3000,
       BIND_TIME = 5000,
       SESSION_TIME = 3600 * 1000,
};

void ldap_session_blame(struct ldap_session *session, const char *what, int result) {
    char *said = NULL;
    if (session->ldap != NULL)
        ldap_get_option(session->ldap, LDAP_OPT_DIAGNOSTIC_MESSAGE, &said);
    if (atomic_load(&session->io_deadline.passed))
        snprintf(session->why, sizeof(session->why), "%s: timed out", what);
    else
        snprintf(session->why, sizeof(session->why), "%s: %s%s%s", what, ldap_err2string(result),
                 said != NULL && said[0] != '\0' ? ": " : "", said != NULL ? said : "");
    ldap_memfree(said);
}

/* Sets every option, so that no environment variable or ldap.conf(5) decides. LDAP_OPT_X_TLS_NEWCTX
 * applies the options before it, so it comes last. */
static int set_tls(LDAP *ldap, const struct sync_config *config) {
    const int demand = LDAP_OPT_X_TLS_DEMAND;
    const int least = LDAP_OPT_X_TLS_PROTOCOL_TLS1_2;
    const int client = 0;
    if (ldap_set_option(ldap, LDAP_OPT_X_TLS_REQUIRE_CERT, &demand) != LDAP_OPT_SUCCESS ||
        ldap_set_option(ldap, LDAP_OPT_X_TLS_CACERTFILE, config->ca_file) != LDAP_OPT_SUCCESS ||
        ldap_set_option(ldap, LDAP_OPT_X_TLS_PROTOCOL_MIN, &least) != LDAP_OPT_SUCCESS)
        return LDAP_LOCAL_ERROR;
    if (config->cert_file != NULL &&
        (ldap_set_option(ldap, LDAP_OPT_X_TLS_CERTFILE, config->cert_file) != LDAP_OPT_SUCCESS ||
         ldap_set_option(ldap, LDAP_OPT_X_TLS_KEYFILE, config->key_file) != LDAP_OPT_SUCCESS))
        return LDAP_LOCAL_ERROR;
    return ldap_set_option(ldap, LDAP_OPT_X_TLS_NEWCTX, &client);
}

/* Asks for StartTLS (RFC 4511, section 4.14). A server without it is an error: the bind would
 * otherwise send the secret in clear text. */
static int ldap_session_ask_for_tls(struct ldap_session *session) {
    int id = 0;
    LDAPMessage *message = NULL;
    int result = ldap_start_tls(session->ldap, NULL, NULL, &id);
    if (result != LDAP_SUCCESS)
        return result;
    if (ldap_session_next(session, id, TLS_TIME / 1000, &message) <= 0)
        return LDAP_SERVER_DOWN;
    int parsed = ldap_parse_result(session->ldap, message, &result, NULL, NULL, NULL, NULL, 1);
    return parsed != LDAP_SUCCESS ? parsed : result;
}

static enum ldap_session_result
ldap_session_start_tls(struct ldap_session *session, const struct sync_config *config, bool asks) {
    io_deadline_set(&session->io_deadline, deadline_first(deadline_in(TLS_TIME), session->end));
    int result = set_tls(session->ldap, config);
    if (result != LDAP_SUCCESS) {
        snprintf(session->why, sizeof(session->why),
                 "TLS: ca-file, cert-file or key-file cannot be used");
        return SESSION_CONFUSED;
    }
    if (asks)
        result = ldap_session_ask_for_tls(session);
    if (result == LDAP_SUCCESS)
        result = ldap_install_tls(session->ldap);
    if (result == LDAP_SUCCESS && ldap_tls_inplace(session->ldap) == 0)
        result = LDAP_LOCAL_ERROR;
    if (result != LDAP_SUCCESS)
        ldap_session_blame(session, asks ? "StartTLS" : "TLS", result);
    return result == LDAP_SUCCESS ? SESSION_OK : SESSION_FAILED;
}

static int send_bind(LDAP *ldap, const struct sync_config *config, const char *secret, int *id) {
    struct berval password = {strlen(secret), (char *)secret};
    struct berval nobody = {0, (char *)""};
    if (config->bind == BIND_EXTERNAL)
        return ldap_sasl_bind(ldap, "", "EXTERNAL", &nobody, NULL, NULL, id);
    if (config->bind == BIND_SIMPLE)
        return ldap_sasl_bind(ldap, config->bind_dn, LDAP_SASL_SIMPLE, &password, NULL, NULL, id);
    return ldap_sasl_bind(ldap, "", LDAP_SASL_SIMPLE, &nobody, NULL, NULL, id);
}

static enum ldap_session_result ldap_session_bind(struct ldap_session *session,
                                                  const struct sync_config *config,
                                                  const char *secret) {
    LDAPMessage *message = NULL;
    int id = 0;
    int result = send_bind(session->ldap, config, secret, &id);
    if (result == LDAP_SUCCESS &&
        ldap_session_next(session, id, BIND_TIME / 1000, &message) != LDAP_RES_BIND)
        return SESSION_FAILED;
    if (result == LDAP_SUCCESS && ldap_parse_result(session->ldap, message, &result, NULL, NULL,
                                                    NULL, NULL, 1) != LDAP_SUCCESS)
        result = LDAP_DECODING_ERROR;
    if (result == LDAP_SUCCESS)
        return SESSION_OK;
    ldap_session_blame(session, "bind", result);
    return result == LDAP_INVALID_CREDENTIALS ? SESSION_REFUSED : SESSION_FAILED;
}

/* Connects to the server of a URI, because libldap's own way has no deadline for all steps
 * together. The DNS names the servers of a domain by their whole names (RFC 2782, "Target"). */
static int dial_uri(const LDAPURLDesc *parts, bool is_of_domain, deadline until, const char **why) {
    char port[8];
    bool path = strcmp(parts->lud_scheme, "ldapi") == 0;
    snprintf(port, sizeof(port), "%d", parts->lud_port);
    const struct dial to = {parts->lud_host, path ? NULL : port, is_of_domain};
    return dial(&to, until, why);
}

static int ldap_session_connect(struct ldap_session *session, const struct sync_config *config,
                                const char *uri, const LDAPURLDesc *parts) {
    const char *why = "out of memory";
    int version = LDAP_VERSION3;
    int fd = dial_uri(parts, config->domain != NULL, session->end, &why);
    int kind = strcmp(parts->lud_scheme, "ldapi") == 0 ? LDAP_PROTO_IPC : LDAP_PROTO_TCP;
    if (fd >= 0 && ldap_init_fd(fd, kind, uri, &session->ldap) != LDAP_SUCCESS) {
        close(fd);
        fd = -1;
    }
    if (fd >= 0 && io_deadline_start(&session->io_deadline, fd,
                                     deadline_first(deadline_in(TLS_TIME), session->end)) == 0) {
        ldap_set_option(session->ldap, LDAP_OPT_PROTOCOL_VERSION, &version);
        ldap_set_option(session->ldap, LDAP_OPT_REFERRALS, LDAP_OPT_OFF);
        return 0;
    }
    snprintf(session->why, sizeof(session->why), "%s", fd < 0 ? why : strerror(errno));
    if (session->ldap != NULL)
        ldap_unbind_ext(session->ldap, NULL, NULL);
    session->ldap = NULL;
    return -1;
}

enum ldap_session_result ldap_session_open(struct ldap_session *session,
                                           const struct sync_config *config, const char *uri,
                                           const char *secret, deadline until) {
    LDAPURLDesc *parts = NULL;
    enum ldap_session_result result = SESSION_OK;
    *session = (struct ldap_session){.end = deadline_first(deadline_in(SESSION_TIME), until)};
    if (ldap_url_parse(uri, &parts) != LDAP_SUCCESS)
        return SESSION_CONFUSED;
    bool ldaps = strcmp(parts->lud_scheme, "ldaps") == 0;
    bool asks = config->start_tls && strcmp(parts->lud_scheme, "ldap") == 0;
    bool is_local = strcmp(parts->lud_scheme, "ldapi") == 0;
    int connected = ldap_session_connect(session, config, uri, parts);
    ldap_free_urldesc(parts);
    if (connected < 0)
        return SESSION_FAILED;
    if (ldaps || asks)
        result = ldap_session_start_tls(session, config, asks);
    if (result == SESSION_OK && config->bind == BIND_GSSAPI)
        result = kerberos_bind(session, ldaps || asks, is_local);
    else if (result == SESSION_OK)
        result = ldap_session_bind(session, config, secret);
    session->end = deadline_in(SESSION_TIME);
    if (result != SESSION_OK && session->ldap != NULL)
        ldap_session_close(session);
    return result;
}

/* The unbind closes the socket. No other descriptor is opened before io_deadline_stop, so its
 * thread cannot shut down another connection that got the same number. */
void ldap_session_close(struct ldap_session *session) {
    io_deadline_set(&session->io_deadline, deadline_in(CLOSE_TIME));
    ldap_unbind_ext(session->ldap, NULL, NULL);
    io_deadline_stop(&session->io_deadline);
    session->ldap = NULL;
}

int ldap_session_next(struct ldap_session *session, int id, int seconds, LDAPMessage **message) {
    io_deadline_set(&session->io_deadline,
                    deadline_first(deadline_in(seconds * 1000L), session->end));
    int type = ldap_result(session->ldap, id, LDAP_MSG_ONE, NULL, message);
    if (type > 0)
        return type;
    int result = LDAP_SERVER_DOWN;
    ldap_get_option(session->ldap, LDAP_OPT_RESULT_CODE, &result);
    ldap_session_blame(session, "connection", result);
    return -1;
}
