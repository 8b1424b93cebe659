#include "sync/kerberos.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <sasl/sasl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    KERBEROS_TIME = 10000, /* ms until there are tickets */
    STEP_TIME = 5,         /* seconds for each answer of the server */
    STEPS_MAX = 8,         /* GSSAPI takes three */
    LAYER_LEAST = 56,      /* bits of the weakest layer that encrypts */
};

#define MECHANISM "GSSAPI"
#define SYSTEM_CONFIG "/etc/krb5.conf"

/* Comes before the system's configuration. libkrb5 would otherwise ask the DNS for the name of the
 * server, and so anybody who can forge an answer could choose the server. */
#define OWN_CONFIG "[libdefaults]\ndns_canonicalize_hostname = false\nrdns = false\n"

static bool has_mechanism(void) {
    char **list = NULL;
    ldap_get_option(NULL, LDAP_OPT_X_SASL_MECHLIST, &list);
    while (list != NULL && *list != NULL && strcmp(*list, MECHANISM) != 0)
        list++;
    return list != NULL && *list != NULL;
}

/* Sets the variable to prefix, the path of the open file fd, and suffix. */
static int set_path(const char *variable, const char *prefix, int fd, const char *suffix) {
    char value[4096];
    int len = snprintf(value, sizeof(value), "%s/proc/self/fd/%d%s", prefix, fd, suffix);
    if (len >= (int)sizeof(value)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    return setenv(variable, value, 1);
}

static int set_config(void) {
    static const char own[] = OWN_CONFIG;
    const char *other = getenv("KRB5_CONFIG");
    char suffix[4000];
    snprintf(suffix, sizeof(suffix), ":%s", other != NULL ? other : SYSTEM_CONFIG);
    int fd = secret_memory("krb5.conf");
    if (fd < 0 || write(fd, own, sizeof(own) - 1) != sizeof(own) - 1)
        return -1;
    return set_path("KRB5_CONFIG", "", fd, suffix);
}

int kerberos_prepare(const struct sync_config *config, char why[SECRET_WHY]) {
    if (config->bind != BIND_GSSAPI)
        return 0;
    if (!has_mechanism()) {
        snprintf(why, SECRET_WHY,
                 "bind = gssapi needs the mechanism GSSAPI of Cyrus SASL: install "
                 "libsasl2-modules-gssapi-mit (Debian) or cyrus-sasl-gssapi (Fedora)");
        return -1;
    }
    int keytab = secret_keytab(config, why);
    if (keytab < 0)
        return -1;
    if (set_path("KRB5_CLIENT_KTNAME", "FILE:", keytab, "") == 0 && set_config() == 0 &&
        setenv("KRB5CCNAME", "MEMORY:lookup-sync", 1) == 0)
        return 0;
    snprintf(why, SECRET_WHY, "Kerberos: %s", strerror(errno));
    return -1;
}

/* libkrb5 waits for a KDC as long as it likes, and nothing can interrupt it. So the call runs in a
 * thread. Whoever comes second, the thread or the one that has waited long enough, cleans up. */
struct kerberos_call {
    LDAP *ldap;
    const char *mechanism; /* NULL: complete, but for the server's last word */
    int id;
    int result;
    atomic_bool left; /* one of the two has left */
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

static void kerberos_clean_up(struct kerberos_call *call) {
    ldap_unbind_ext(call->ldap, NULL, NULL);
    free(call);
}

static void *kerberos_thread(void *context) {
    struct kerberos_call *call = context;
    call->result = kerberos_step(call, NULL);
    if (atomic_exchange(&call->left, true))
        kerberos_clean_up(call);
    return NULL;
}

/* Leaves the connection to the thread. It is shut down, so that nothing is sent any more. */
static enum session_result kerberos_leave(struct session *session, struct kerberos_call *call) {
    shutdown(session->breaker.socket, SHUT_RDWR);
    breaker_stop(&session->breaker);
    session->ldap = NULL;
    session->stuck = true;
    snprintf(session->why, sizeof(session->why), "bind: Kerberos did not answer within %d s",
             KERBEROS_TIME / 1000);
    if (atomic_exchange(&call->left, true))
        kerberos_clean_up(call);
    return SESSION_FAILED;
}

/* Of "GSSAPI Error: ... (Clock skew too great)" the part in parentheses is what helps. */
static void kerberos_blame(struct session *session, int result) {
    static const char before[] = "GSSAPI Error: ";
    char copy[SESSION_WHY - 32];
    session_blame(session, "bind", result);
    const char *major = strstr(session->why, before);
    const char *minor = major == NULL ? NULL : strchr(major, '(');
    if (minor == NULL)
        return;
    snprintf(copy, sizeof(copy), "%s", minor + 1);
    size_t len = strlen(copy);
    if (len > 0 && copy[len - 1] == ')')
        copy[len - 1] = '\0';
    snprintf(session->why, sizeof(session->why), "bind: Kerberos: %s", copy);
}

/* What a KDC says of wrong keys. To try them again may lock the account. */
static bool is_refusal(const char *why) {
    static const char *const words[] = {"Preauthentication failed", "have been revoked",
                                        "Kerberos: Client '", "Password has expired"};
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        if (strstr(why, words[i]) != NULL)
            return true;
    return false;
}

static enum session_result kerberos_fail(struct session *session, int result) {
    kerberos_blame(session, result);
    return is_refusal(session->why) ? SESSION_REFUSED : SESSION_FAILED;
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
static int kerberos_finish(struct session *session, struct kerberos_call *call, bool has_tls) {
    for (int i = 0; i < STEPS_MAX && call->result == LDAP_SASL_BIND_IN_PROGRESS; i++) {
        LDAPMessage *answer = NULL;
        int type = session_next(session, call->id, STEP_TIME, &answer);
        if (type < 0)
            return LDAP_SERVER_DOWN;
        if (has_tls && i == 1)
            choose_no_layer(call->ldap);
        call->result = type == LDAP_RES_BIND ? kerberos_step(call, answer) : LDAP_DECODING_ERROR;
        ldap_msgfree(answer);
    }
    return call->result;
}

/* libldap takes a server's early "success" for one, although that server has proved nothing. Then
 * there is no layer. */
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

static void set_properties(LDAP *ldap, bool has_tls, bool needs_layer) {
    char properties[64];
    snprintf(properties, sizeof(properties), "noanonymous,noplain,minssf=%d",
             needs_layer ? LAYER_LEAST : 0);
    ldap_set_option(ldap, LDAP_OPT_X_SASL_SECPROPS, properties);
    ldap_set_option(ldap, LDAP_OPT_X_SASL_NOCANON, LDAP_OPT_ON);
    if (has_tls)
        bind_channel(ldap);
}

static struct timespec time_of_deadline(deadline until) {
    return (struct timespec){until / 1000, until % 1000 * 1000000};
}

/* Sets *late if the thread goes on. Returns 0 or an error number. */
static int kerberos_start(struct kerberos_call *call, deadline until, bool *late) {
    pthread_t thread;
    struct timespec end = time_of_deadline(until);
    int error = pthread_create(&thread, NULL, kerberos_thread, call);
    if (error != 0)
        return error;
    *late = pthread_clockjoin_np(thread, NULL, CLOCK_MONOTONIC, &end) != 0;
    if (*late)
        pthread_detach(thread);
    return 0;
}

enum session_result kerberos_bind(struct session *session, bool has_tls, bool is_local) {
    bool needs_layer = !has_tls && !is_local;
    bool late = false;
    deadline until = deadline_first(deadline_in(KERBEROS_TIME), session->end);
    struct kerberos_call *call = calloc(1, sizeof(*call));
    if (call == NULL)
        return kerberos_fail(session, LDAP_NO_MEMORY);
    call->ldap = session->ldap;
    set_properties(session->ldap, has_tls, needs_layer);
    breaker_set(&session->breaker, until);
    int error = kerberos_start(call, until, &late);
    if (late)
        return kerberos_leave(session, call);
    int result = error != 0 ? LDAP_NO_MEMORY : kerberos_finish(session, call, has_tls);
    free(call);
    if (result != LDAP_SUCCESS)
        return kerberos_fail(session, result);
    if (!needs_layer || has_layer(session->ldap))
        return SESSION_OK;
    snprintf(session->why, sizeof(session->why),
             "bind: the server has not proved who it is, or does not encrypt");
    return SESSION_FAILED;
}
