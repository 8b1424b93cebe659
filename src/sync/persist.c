#include "sync/persist.h"

#include "sync/attributes.h"
#include "sync/protocol.h"
#include "sync/state.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* If a cookie names a provider (sid=), OpenLDAP takes the client for that provider and
 * does not send it that provider's changes. So the name is left out. */
static void persist_copy_cookie(struct span cookie, struct text *out) {
    static const struct span csn = SPAN("csn=");
    for (size_t i = 0; i + csn.len <= cookie.len; i++)
        if (span_starts(span_from(cookie, i), csn)) {
            text_put(out, SPAN("rid=000,"));
            cookie = span_from(cookie, i);
            break;
        }
    text_put(out, cookie);
}

static int persist_read_cookie(const struct sync_config *config, struct text *cookie) {
    struct state state;
    int result = state_open(&state, config->state);
    if (result == 0)
        persist_copy_cookie(state.replay.cookie, cookie);
    state_close(&state);
    return result < 0 || cookie->full || cookie->len == 0 ? -1 : 0;
}

static int persist_search(struct persist *persist, const struct sync_config *config,
                          struct span cookie) {
    char *nothing[] = {(char *)LDAP_NO_ATTRS, NULL};
    LDAPControl control = {(char *)LDAP_CONTROL_SYNC, {0, NULL}, 1};
    LDAPControl *controls[] = {&control, NULL};
    char *filter = attributes_filter(config->filter);
    int result = LDAP_NO_MEMORY;
    if (filter != NULL &&
        protocol_request(PROTOCOL_REFRESH_AND_PERSIST, cookie, &control.ldctl_value) == 0)
        result = ldap_search_ext(persist->session.ldap, config->base, config->scope, filter,
                                 nothing, 0, controls, NULL, NULL, LDAP_NO_LIMIT, &persist->id);
    ber_memfree(control.ldctl_value.bv_val);
    free(filter);
    return result;
}

int persist_open(struct persist *persist, const struct sync_config *config, const char *uri,
                 const char *secret, deadline until) {
    char bytes[COOKIE_MAX];
    struct text cookie = {.at = bytes, .cap = sizeof(bytes)};
    persist->is_open = false;
    persist->refused = false;
    persist->silence = config->timeout * 1000;
    persist->unsupported = persist_read_cookie(config, &cookie) < 0;
    if (persist->unsupported) {
        snprintf(persist->session.why, sizeof(persist->session.why), "no sync to continue from");
        return -1;
    }
    enum ldap_session_result opened =
        ldap_session_open(&persist->session, config, uri, secret, until);
    persist->refused = opened == SESSION_REFUSED;
    if (opened != SESSION_OK)
        return -1;
    persist->began = deadline_now();
    int result = persist_search(persist, config, text_span(&cookie));
    persist->is_open = result == LDAP_SUCCESS;
    if (persist->is_open)
        return 0;
    ldap_session_blame(&persist->session, "search", result);
    ldap_session_close(&persist->session);
    return -1;
}

/* A message with only a new cookie, or the end of the refresh, is no change. */
static bool persist_is_change(struct persist *persist, LDAPMessage *message) {
    char *oid = NULL;
    struct berval *value = NULL;
    bool changes = true;
    if (ldap_msgtype(message) == LDAP_RES_INTERMEDIATE &&
        ldap_parse_intermediate(persist->session.ldap, message, &oid, &value, NULL, 0) ==
            LDAP_SUCCESS) {
        changes = value != NULL && value->bv_len > 0 &&
                  (unsigned char)value->bv_val[0] == LDAP_TAG_SYNC_ID_SET;
        ldap_memfree(oid);
        ber_bvfree(value);
    }
    return changes;
}

/* Receives the next message. Returns 1, 0 at the deadline, or -1 if the search has ended. */
static int persist_receive(struct persist *persist, deadline until, LDAPMessage **message) {
    deadline left = until - deadline_now();
    left = left < 0 ? 0 : left;
    struct timeval wait = {left / 1000, left % 1000 * 1000};
    io_deadline_set(&persist->session.io_deadline, deadline_in(left + persist->silence));
    int type = ldap_result(persist->session.ldap, persist->id, LDAP_MSG_ONE, &wait, message);
    if (type > 0 && type != LDAP_RES_SEARCH_RESULT)
        return 1;
    if (type != 0) {
        ldap_session_blame(&persist->session, "watching", LDAP_SERVER_DOWN);
        ldap_msgfree(*message);
    }
    return type == 0 ? 0 : -1;
}

/* Returns 1 after a change, 0 at the deadline, or -1 if the search has ended. */
static int persist_next(struct persist *persist, deadline until) {
    bool changed = false;
    while (!changed) {
        LDAPMessage *message = NULL;
        int received = persist_receive(persist, until, &message);
        if (received <= 0)
            return received;
        changed = persist_is_change(persist, message);
        ldap_msgfree(message);
    }
    return 1;
}

int persist_wait(struct persist *persist, deadline until, int64_t settle) {
    int changed = persist_next(persist, until);
    deadline settled = deadline_in(settle);
    int more = changed;
    while (more > 0)
        more = persist_next(persist, settled);
    return more < 0 ? -1 : changed;
}

void persist_close(struct persist *persist) {
    if (persist->is_open)
        ldap_session_close(&persist->session);
    persist->is_open = false;
}
