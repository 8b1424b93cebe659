#include "sync/bell.h"

#include "sync/attributes.h"
#include "sync/protocol.h"
#include "sync/state.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* If a cookie names a provider (sid=), OpenLDAP takes the client for that provider and
 * does not send it that provider's changes. So the name is left out. */
static void copy_cookie(struct span cookie, struct text *out) {
    static const struct span csn = SPAN("csn=");
    for (size_t i = 0; i + csn.len <= cookie.len; i++)
        if (span_starts(span_from(cookie, i), csn)) {
            text_put(out, SPAN("rid=000,"));
            cookie = span_from(cookie, i);
            break;
        }
    text_put(out, cookie);
}

static int read_cookie(const struct sync_config *config, struct text *cookie) {
    struct state state;
    int result = state_open(&state, config->state);
    if (result == 0)
        copy_cookie(state.replay.cookie, cookie);
    state_close(&state);
    return result < 0 || cookie->full || cookie->len == 0 ? -1 : 0;
}

static int bell_search(struct bell *bell, const struct sync_config *config, struct span cookie) {
    char *nothing[] = {(char *)LDAP_NO_ATTRS, NULL};
    LDAPControl control = {(char *)LDAP_CONTROL_SYNC, {0, NULL}, 1};
    LDAPControl *controls[] = {&control, NULL};
    char *filter = attributes_filter(config->filter);
    int result = LDAP_NO_MEMORY;
    if (filter != NULL &&
        protocol_request(PROTOCOL_REFRESH_AND_PERSIST, cookie, &control.ldctl_value) == 0)
        result = ldap_search_ext(bell->session.ldap, config->base, config->scope, filter, nothing,
                                 0, controls, NULL, NULL, LDAP_NO_LIMIT, &bell->id);
    ber_memfree(control.ldctl_value.bv_val);
    free(filter);
    return result;
}

int bell_hang(struct bell *bell, const struct sync_config *config, const char *uri,
              const char *secret, deadline until) {
    char bytes[COOKIE_MAX];
    struct text cookie = {.at = bytes, .cap = sizeof(bytes)};
    bell->hangs = false;
    bell->refused = false;
    bell->silence = config->timeout * 1000;
    bell->useless = read_cookie(config, &cookie) < 0;
    if (bell->useless) {
        snprintf(bell->session.why, sizeof(bell->session.why), "no sync to continue from");
        return -1;
    }
    enum ldap_session_result opened = ldap_session_open(&bell->session, config, uri, secret, until);
    bell->refused = opened == SESSION_REFUSED;
    if (opened != SESSION_OK)
        return -1;
    int result = bell_search(bell, config, text_span(&cookie));
    bell->hangs = result == LDAP_SUCCESS;
    if (bell->hangs)
        return 0;
    ldap_session_blame(&bell->session, "search", result);
    ldap_session_close(&bell->session);
    return -1;
}

/* A message with only a new cookie, or the end of the refresh, does not ring. */
static bool is_ring(struct bell *bell, LDAPMessage *message) {
    char *oid = NULL;
    struct berval *value = NULL;
    bool rings = true;
    if (ldap_msgtype(message) == LDAP_RES_INTERMEDIATE &&
        ldap_parse_intermediate(bell->session.ldap, message, &oid, &value, NULL, 0) ==
            LDAP_SUCCESS) {
        rings = value != NULL && value->bv_len > 0 &&
                (unsigned char)value->bv_val[0] == LDAP_TAG_SYNC_ID_SET;
        ldap_memfree(oid);
        ber_bvfree(value);
    }
    return rings;
}

/* Receives the next message. Returns 1, 0 at the deadline, or -1 if the search has ended. */
static int bell_receive(struct bell *bell, deadline until, LDAPMessage **message) {
    deadline left = until - deadline_now();
    left = left < 0 ? 0 : left;
    struct timeval wait = {left / 1000, left % 1000 * 1000};
    io_deadline_set(&bell->session.io_deadline, deadline_in(left + bell->silence));
    int type = ldap_result(bell->session.ldap, bell->id, LDAP_MSG_ONE, &wait, message);
    if (type > 0 && type != LDAP_RES_SEARCH_RESULT)
        return 1;
    if (type != 0) {
        ldap_session_blame(&bell->session, "watching", LDAP_SERVER_DOWN);
        ldap_msgfree(*message);
    }
    return type == 0 ? 0 : -1;
}

/* Returns 1 if it rang, 0 at the deadline, or -1 if the search has ended. */
static int bell_next(struct bell *bell, deadline until) {
    bool rings = false;
    while (!rings) {
        LDAPMessage *message = NULL;
        int received = bell_receive(bell, until, &message);
        if (received <= 0)
            return received;
        rings = is_ring(bell, message);
        ldap_msgfree(message);
    }
    return 1;
}

int bell_wait(struct bell *bell, deadline until, int64_t settle) {
    int rung = bell_next(bell, until);
    deadline quiet = deadline_in(settle);
    int more = rung;
    while (more > 0)
        more = bell_next(bell, quiet);
    return more < 0 ? -1 : rung;
}

void bell_take_down(struct bell *bell) {
    if (bell->hangs)
        ldap_session_close(&bell->session);
    bell->hangs = false;
}
