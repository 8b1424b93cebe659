#include "sync/kerberos.h"

#include "net/task.h"
#include "sync/kdc.h"

#include <errno.h>
#include <limits.h>
#include <sasl/sasl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    KERBEROS_TIME = 20000, /* ms until there are tickets */
    FINISH_TIME = 5000,    /* ms for the rest of the bind */
    STEPS_MAX = 8,         /* GSSAPI takes three */
    LAYER_LEAST = 56,      /* bits of the weakest layer that encrypts */
};

#define MECHANISM "GSSAPI"
#define SYSTEM_CONFIG "/etc/krb5.conf"

/* Comes before the system's configuration. libkrb5 would otherwise ask the DNS for the name of the
 * server, or append a domain that DHCP may have set, and so anybody who can forge an answer could
 * choose the server. A .k5identity in the home folder would choose another principal. */
#define OWN_CONFIG                                                                                 \
    "[libdefaults]\ndns_canonicalize_hostname = false\nrdns = false\nqualify_shortname = \"\"\n"   \
    "[plugins]\nccselect = {\ndisable = k5identity\n}\n"

static bool has_mechanism(void) {
    char **list = NULL;
    ldap_get_option(NULL, LDAP_OPT_X_SASL_MECHLIST, &list);
    while (list != NULL && *list != NULL && strcmp(*list, MECHANISM) != 0)
        list++;
    return list != NULL && *list != NULL;
}

/* Sets the variable to prefix, the path of the open file fd, and suffix. */
static int kerberos_set_path(const char *variable, const char *prefix, int fd, const char *suffix) {
    char value[PATH_MAX]; /* sandbox_enter has room for as much */
    int len = snprintf(value, sizeof(value), "%s/proc/self/fd/%d%s", prefix, fd, suffix);
    if (len >= (int)sizeof(value)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    return setenv(variable, value, 1);
}

static int kerberos_set_config(void) {
    static const char own[] = OWN_CONFIG;
    const char *other = getenv("KRB5_CONFIG");
    char suffix[PATH_MAX + 1];
    snprintf(suffix, sizeof(suffix), ":%s", other != NULL ? other : SYSTEM_CONFIG);
    int fd = secret_memory("krb5.conf");
    if (fd < 0 || write(fd, own, sizeof(own) - 1) != sizeof(own) - 1)
        return -1;
    return kerberos_set_path("KRB5_CONFIG", "", fd, suffix);
}

/* Sets the variables by which libkrb5 finds keytab, configuration and tickets. */
static int kerberos_set_variables(int keytab, char why[SECRET_WHY]) {
    if (kerberos_set_path("KRB5_CLIENT_KTNAME", "FILE:", keytab, "") == 0 &&
        kerberos_set_config() == 0 && setenv("KRB5CCNAME", "MEMORY:lookup-sync", 1) == 0)
        return 0;
    snprintf(why, SECRET_WHY, "%s: %s", errno == ENAMETOOLONG ? "KRB5_CONFIG" : "Kerberos",
             strerror(errno));
    return -1;
}

int kerberos_prepare(struct sync_config *config, char why[SECRET_WHY]) {
    char fault[KDC_WHY];
    if (config->bind != BIND_GSSAPI)
        return 0;
    if (!has_mechanism()) {
        snprintf(why, SECRET_WHY,
                 "bind = gssapi needs the mechanism GSSAPI of Cyrus SASL: install "
                 "libsasl2-modules-gssapi-mit (Debian) or cyrus-sasl-gssapi (Fedora)");
        return -1;
    }
    int keytab = secret_keytab(config, why);
    if (keytab < 0 || kerberos_set_variables(keytab, why) < 0)
        return -1;
    _Static_assert(sizeof(config->binder) >= KDC_CLIENT_MAX, "room for a principal");
    if (kdc_client(config->binder, fault) == 0)
        return 0;
    snprintf(why, SECRET_WHY, "%.250s", fault);
    return -1;
}

/* libkrb5 waits for a KDC as long as it likes, and nothing can interrupt it. So the call runs in a
 * thread. */
struct kerberos_call {
    LDAP *ldap;            /* to close with the call; NULL: the session closes it */
    const char *mechanism; /* as ldap_sasl_interactive_bind(3) sets it from step to step */
    int id;
    int result;
    enum kdc_result ticket;
    char why[KDC_WHY]; /* why there is no ticket */
};

static int answer_nothing(LDAP *ldap, unsigned flags, void *defaults, void *questions) {
    (void)ldap, (void)flags, (void)defaults;
    for (sasl_interact_t *one = questions; one->id != SASL_CB_LIST_END; one++) {
        one->result = "";
        one->len = 0;
    }
    return LDAP_SUCCESS;
}

static int kerberos_step(struct kerberos_call *call, LDAPMessage *answer) {
    return ldap_sasl_interactive_bind(call->ldap, NULL, MECHANISM, NULL, NULL, LDAP_SASL_QUIET,
                                      answer_nothing, NULL, answer, &call->mechanism, &call->id);
}

static void kerberos_ask(void *context) {
    struct kerberos_call *call = context;
    call->ticket = kdc_ask(call->why);
    call->result = call->ticket == KDC_OK ? kerberos_step(call, NULL) : LDAP_LOCAL_ERROR;
}

static void kerberos_forget(void *context) {
    struct kerberos_call *call = context;
    if (call->ldap != NULL)
        ldap_unbind_ext(call->ldap, NULL, NULL);
    free(call);
}

/* Leaves the connection to the thread. Shuts it down, so that nothing is sent any more. */
static enum ldap_session_result kerberos_leave(struct ldap_session *session, struct task *task) {
    shutdown(session->io_deadline.socket, SHUT_RDWR);
    io_deadline_stop(&session->io_deadline);
    session->ldap = NULL;
    session->stuck = true;
    snprintf(session->why, sizeof(session->why), "bind: Kerberos did not answer in time");
    task_leave(task);
    return SESSION_FAILED;
}

/* Of a text such as "GSSAPI Error: ... (Clock skew too great)", keeps the part in parentheses,
 * which is what helps. */
static void kerberos_blame(struct ldap_session *session, int result) {
    static const char before[] = "GSSAPI Error: ";
    char copy[SESSION_WHY - 32];
    ldap_session_blame(session, "bind", result);
    const char *major = result == LDAP_LOCAL_ERROR ? strstr(session->why, before) : NULL;
    const char *minor = major == NULL ? NULL : strchr(major, '(');
    if (minor == NULL)
        return;
    snprintf(copy, sizeof(copy), "%s", minor + 1);
    size_t len = strlen(copy);
    if (len > 0 && copy[len - 1] == ')')
        copy[len - 1] = '\0';
    snprintf(session->why, sizeof(session->why), "bind: Kerberos: %s", copy);
}

static enum ldap_session_result kerberos_fail(struct ldap_session *session, int result) {
    kerberos_blame(session, result);
    return SESSION_FAILED;
}

/* Without a ticket for this machine there is none for another server either. */
static enum ldap_session_result kerberos_go_without(struct ldap_session *session,
                                                    const struct kerberos_call *call) {
    session->stuck = true;
    snprintf(session->why, sizeof(session->why), "bind: Kerberos: %s", call->why);
    return call->ticket == KDC_REFUSED ? SESSION_REFUSED : SESSION_FAILED;
}

/* Active Directory accepts no layer within TLS. Before the layer is chosen, the mechanism learns
 * that TLS is strong enough. If it knew from the start (maxssf=0), Cyrus SASL 2.1.28 would lose 17
 * KB with each bind. */
static void choose_no_layer(LDAP *ldap) {
    sasl_ssf_t strength = INT_MAX;
    ldap_set_option(ldap, LDAP_OPT_X_SASL_SSF_EXTERNAL, &strength);
}

/* The rest of the bind, in which libkrb5 asks nobody: the server proves who it is, and then the two
 * choose a layer. */
static int kerberos_finish(struct ldap_session *session, struct kerberos_call *call, bool has_tls) {
    session->end = deadline_first(session->end, deadline_in(FINISH_TIME));
    for (int i = 0; i < STEPS_MAX && call->result == LDAP_SASL_BIND_IN_PROGRESS; i++) {
        LDAPMessage *answer = NULL;
        int type = ldap_session_next(session, call->id, FINISH_TIME / 1000, &answer);
        if (type < 0)
            return LDAP_SERVER_DOWN;
        if (has_tls && i == 1)
            choose_no_layer(call->ldap);
        call->result = type == LDAP_RES_BIND ? kerberos_step(call, answer) : LDAP_DECODING_ERROR;
        ldap_msgfree(answer);
    }
    return call->result;
}

/* libldap believes a server that says "success" too early, although that server has proved nothing.
 * Cyrus SASL knows the client's name only from a context that both sides have completed. */
static bool has_proof(LDAP *ldap) {
    char *name = NULL;
    int result = ldap_get_option(ldap, LDAP_OPT_X_SASL_USERNAME, &name);
    bool is_known = result == LDAP_OPT_SUCCESS && name != NULL;
    ldap_memfree(name);
    return is_known;
}

static bool has_layer(LDAP *ldap) {
    ber_len_t strength = 0;
    return ldap_get_option(ldap, LDAP_OPT_X_SASL_SSF, &strength) == LDAP_OPT_SUCCESS &&
           strength >= LAYER_LEAST;
}

#ifdef LDAP_OPT_X_SASL_CBINDING
static void bind_channel(LDAP *ldap) {
    const int kind = LDAP_OPT_X_SASL_CBINDING_TLS_ENDPOINT;
    ldap_set_option(ldap, LDAP_OPT_X_SASL_CBINDING, &kind);
}
#else
static void bind_channel(LDAP *ldap) {
    (void)ldap;
}
#endif

static void kerberos_set_properties(LDAP *ldap, bool has_tls, bool needs_layer) {
    char properties[64];
    snprintf(properties, sizeof(properties), "noanonymous,noplain,minssf=%d",
             needs_layer ? LAYER_LEAST : 0);
    ldap_set_option(ldap, LDAP_OPT_X_SASL_SECPROPS, properties);
    ldap_set_option(ldap, LDAP_OPT_X_SASL_NOCANON, LDAP_OPT_ON);
    if (has_tls)
        bind_channel(ldap);
}

static enum ldap_session_result kerberos_judge(struct ldap_session *session, bool needs_layer) {
    const char *fault = !has_proof(session->ldap) ? "the server has not proved who it is"
                        : needs_layer && !has_layer(session->ldap) ? "the server does not encrypt"
                                                                   : NULL;
    if (fault == NULL)
        return SESSION_OK;
    snprintf(session->why, sizeof(session->why), "bind: %s", fault);
    return SESSION_FAILED;
}

/* Continues after Kerberos has answered. */
static enum ldap_session_result kerberos_go_on(struct ldap_session *session,
                                               struct kerberos_call *call, bool has_tls,
                                               bool needs_layer) {
    if (call->ticket != KDC_OK)
        return kerberos_go_without(session, call);
    int result = kerberos_finish(session, call, has_tls);
    return result == LDAP_SUCCESS ? kerberos_judge(session, needs_layer)
                                  : kerberos_fail(session, result);
}

static struct task *kerberos_start(LDAP *ldap, struct kerberos_call **call) {
    *call = calloc(1, sizeof(**call));
    if (*call == NULL)
        return NULL;
    (*call)->ldap = ldap;
    struct task *task = task_start(kerberos_ask, kerberos_forget, *call);
    if (task == NULL)
        free(*call);
    return task;
}

enum ldap_session_result kerberos_bind(struct ldap_session *session, bool has_tls, bool is_local) {
    bool needs_layer = !has_tls && !is_local;
    deadline until = deadline_first(deadline_in(KERBEROS_TIME), session->end);
    struct kerberos_call *call = NULL;
    kerberos_set_properties(session->ldap, has_tls, needs_layer);
    io_deadline_set(&session->io_deadline, until);
    struct task *task = kerberos_start(session->ldap, &call);
    if (task == NULL) {
        ldap_session_blame(session, "bind", LDAP_NO_MEMORY);
        return SESSION_FAILED;
    }
    if (task_wait(task, until) <= 0)
        return kerberos_leave(session, task);
    enum ldap_session_result result = kerberos_go_on(session, call, has_tls, needs_layer);
    call->ldap = NULL;
    task_leave(task);
    return result;
}
