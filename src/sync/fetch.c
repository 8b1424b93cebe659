#include "sync/fetch.h"

#include "sync/protocol.h"
#include "sync/recheck.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE_ENTRIES = 500 };

static int fetch_fail(struct fetch *fetch, const char *what) {
    snprintf(fetch->session->why, sizeof(fetch->session->why), "%s", what);
    return -1;
}

void fetch_blame(struct fetch *fetch, int code) {
    ldap_session_blame(fetch->session, code == LDAP_NO_SUCH_OBJECT ? "base" : "search", code);
}

void fetch_find(struct fetch *fetch, struct table_entry *entry) {
    fetch->found++;
    fetch->lost -= entry->lost;
    entry->lost = false;
    entry->named = true;
}

int fetch_put(struct fetch *fetch, const struct identity *id, LDAPMessage *entry) {
    struct text profile = {.at = fetch->profile, .cap = sizeof(fetch->profile)};
    struct table *table = &fetch->state->replay.table;
    if (attributes_take(&fetch->attributes, fetch->session->ldap, entry, &profile) < 0)
        return fetch_fail(fetch, "an entry that cannot be read");
    const struct table_entry *before = table_find(table, id);
    bool was_there = before != NULL && before->there;
    int put = state_put(fetch->state, id, text_span(&profile));
    if (put < 0)
        return fetch_fail(fetch, strerror(errno));
    /* The server does not report the entries that moved with a container. */
    fetch->incomplete |= put > 0 && profile_is_container(text_span(&profile));
    fetch->added += put > 0 && !was_there;
    fetch->changed += put > 0 && was_there;
    fetch_find(fetch, table_find(table, id));
    return 0;
}

/* Marks the entry only. recheck_lost later finds out whether it is really gone. */
static void fetch_lose(struct fetch *fetch, const struct identity *id) {
    struct table_entry *entry = table_find(&fetch->state->replay.table, id);
    if (entry == NULL || !entry->there)
        return;
    fetch->incomplete |= profile_is_container(entry->profile);
    fetch->lost += !entry->lost;
    entry->lost = true;
}

static void fetch_keep(struct fetch *fetch, const struct identity *id) {
    struct table_entry *entry = table_find(&fetch->state->replay.table, id);
    if (entry == NULL || !entry->there)
        fetch->incomplete = true; /* the entry would be missing from now on */
    else
        fetch_find(fetch, entry);
}

static int fetch_take_named(void *context, const struct identity *id, bool is_deleted) {
    struct fetch *fetch = context;
    if (is_deleted)
        fetch_lose(fetch, id);
    else
        fetch_keep(fetch, id);
    return 0;
}

/* Returns the value of the control oid, or NULL. */
static const struct berval *control_value(LDAPControl **controls, const char *oid) {
    LDAPControl *found = controls == NULL ? NULL : ldap_control_find(oid, controls, NULL);
    return found == NULL ? NULL : &found->ldctl_value;
}

static int fetch_take_entry(struct fetch *fetch, LDAPMessage *message) {
    LDAPControl **controls = NULL;
    enum protocol_state state;
    struct identity id;
    ldap_get_entry_controls(fetch->session->ldap, message, &controls);
    const struct berval *value = control_value(controls, LDAP_CONTROL_SYNC_STATE);
    int result = value == NULL ? -1 : protocol_entry(value, &state, &id);
    ldap_controls_free(controls);
    if (result < 0)
        return fetch_fail(fetch, "an entry without its sync state");
    if (state == STATE_DELETE)
        fetch_lose(fetch, &id);
    else if (state == STATE_PRESENT)
        fetch_keep(fetch, &id);
    else
        return fetch_put(fetch, &id, message);
    return 0;
}

static int fetch_take_info(struct fetch *fetch, LDAPMessage *message) {
    char *oid = NULL;
    struct berval *value = NULL;
    int result = 0;
    if (ldap_parse_intermediate(fetch->session->ldap, message, &oid, &value, NULL, 0) !=
        LDAP_SUCCESS)
        return fetch_fail(fetch, "a message that cannot be read");
    fetch->session->why[0] = '\0';
    if (oid != NULL && strcmp(oid, LDAP_SYNC_INFO) == 0 && value != NULL)
        result = protocol_info(value, fetch_take_named, fetch);
    if (result < 0 && fetch->session->why[0] == '\0')
        fetch_fail(fetch, "sync info that cannot be read");
    ldap_memfree(oid);
    ber_bvfree(value);
    return result;
}

static void fetch_lose_unnamed(struct fetch *fetch) {
    const struct table *table = &fetch->state->replay.table;
    for (size_t i = 0; i < table->count; i++)
        if (!table->at[i].named)
            fetch_lose(fetch, &table->at[i].id);
}

static enum fetch_result fetch_remove_lost(struct fetch *fetch) {
    const struct table *table = &fetch->state->replay.table;
    for (size_t i = 0; i < table->count && fetch->lost > 0; i++) {
        if (!table->at[i].lost)
            continue;
        if (state_delete(fetch->state, &table->at[i].id) < 0) {
            fetch_fail(fetch, strerror(errno));
            return FETCH_FAILED;
        }
        table->at[i].lost = false;
        fetch->lost--;
        fetch->removed++;
    }
    return FETCH_OK;
}

/* 389-ds says of each answer that what it does not name is gone. But it names only what has
 * changed, and not even what has left the filter. Only its cookie, which has no CSN, differs after
 * any change. */
static void fetch_doubt(struct fetch *fetch, struct span cookie) {
    bool is_same = span_equal(cookie, fetch->state->replay.cookie);
    fetch->incomplete |= fetch->found > 0 || fetch->lost > 0 || !is_same;
}

/* An empty cookie in answer to a request that had one means that the server did not
 * understand ours. Then what it sent is not a difference to what is known here. A replica of
 * OpenLDAP that is still being filled sends neither entries nor a cookie, although searches
 * without the sync operation find some. */
static enum fetch_result fetch_take_done(struct fetch *fetch, const struct berval *value) {
    struct span cookie = {NULL, 0};
    struct span old = fetch->state->replay.cookie;
    bool only_named = false;
    if (value != NULL && protocol_done(value, &cookie, &only_named) < 0) {
        fetch_fail(fetch, "a sync whose end cannot be read");
        return FETCH_FAILED;
    }
    if (!fetch->full && cookie.at != NULL && cookie.len == 0)
        return FETCH_INCOMPLETE;
    if (fetch->full && fetch->found == 0 && cookie.len == 0) {
        fetch_fail(fetch, "no entry and no cookie: it may be a replica that is not filled yet");
        return FETCH_FAILED;
    }
    if (cookie.len > 0 && protocol_is_behind(cookie, fetch->newest))
        return FETCH_BEHIND;
    if (cookie.at == NULL || cookie.len == 0)
        cookie = fetch->full ? SPAN("") : old;
    text_put(&fetch->cookie, cookie);
    if (fetch->cookie.full)
        fetch->cookie = (struct text){.at = fetch->cookie_bytes};
    if (!only_named && !protocol_has_csn(old)) {
        fetch_doubt(fetch, cookie);
        only_named = true;
    }
    if (!fetch->full && fetch->incomplete)
        return FETCH_INCOMPLETE;
    if (fetch->full || !only_named)
        fetch_lose_unnamed(fetch);
    return FETCH_OK;
}

static enum fetch_result fetch_result_of(struct fetch *fetch, int code) {
    if (code == LDAP_SYNC_REFRESH_REQUIRED)
        return FETCH_INCOMPLETE;
    if (code == LDAP_UNAVAILABLE_CRITICAL_EXTENSION)
        return FETCH_PAGES;
    fetch_blame(fetch, code);
    return FETCH_FAILED;
}

/* Handles the result of a search. The entries before it count only if the result is a success. */
static enum fetch_result fetch_end_sync(struct fetch *fetch, LDAPMessage *message) {
    LDAPControl **controls = NULL;
    int code = LDAP_OTHER;
    int parsed =
        ldap_parse_result(fetch->session->ldap, message, &code, NULL, NULL, NULL, &controls, 0);
    enum fetch_result result = FETCH_FAILED;
    if (parsed != LDAP_SUCCESS || code != LDAP_SUCCESS)
        result = fetch_result_of(fetch, parsed != LDAP_SUCCESS ? parsed : code);
    else
        result = fetch_take_done(fetch, control_value(controls, LDAP_CONTROL_SYNC_DONE));
    ldap_controls_free(controls);
    return result;
}

int fetch_search(struct fetch *fetch, const char *filter, LDAPControl *control, int *id) {
    const char *asked[ATTRIBUTES_ASKED];
    LDAPControl *controls[] = {control, NULL};
    attributes_asked(fetch->config, asked);
    int result =
        ldap_search_ext(fetch->session->ldap, fetch->config->base, fetch->config->scope, filter,
                        (char **)asked, 0, controls, NULL, NULL, LDAP_NO_LIMIT, id);
    if (result == LDAP_SUCCESS)
        return 0;
    ldap_session_blame(fetch->session, "search", result);
    return -1;
}

static int fetch_start_sync(struct fetch *fetch, int *id) {
    struct span cookie = fetch->full ? SPAN("") : fetch->state->replay.cookie;
    LDAPControl control = {(char *)LDAP_CONTROL_SYNC, {0, NULL}, 1};
    char *filter = attributes_filter(fetch->config->filter);
    int result;
    if (filter != NULL &&
        protocol_request(PROTOCOL_REFRESH_ONLY, cookie, &control.ldctl_value) == 0)
        result = fetch_search(fetch, filter, &control, id);
    else
        result = fetch_fail(fetch, strerror(ENOMEM));
    ber_memfree(control.ldctl_value.bv_val);
    free(filter);
    return result;
}

/* Receives the messages of one search up to its result. */
static enum fetch_result fetch_receive_sync(struct fetch *fetch, int id) {
    for (;;) {
        LDAPMessage *message = NULL;
        enum fetch_result result = FETCH_OK;
        int type = ldap_session_next(fetch->session, id, (int)fetch->config->timeout, &message);
        int taken = type < 0 ? -1 : 0;
        if (type == LDAP_RES_SEARCH_ENTRY)
            taken = fetch_take_entry(fetch, message);
        else if (type == LDAP_RES_INTERMEDIATE)
            taken = fetch_take_info(fetch, message);
        else if (type == LDAP_RES_SEARCH_RESULT)
            result = fetch_end_sync(fetch, message);
        ldap_msgfree(message);
        if (taken < 0)
            return FETCH_FAILED;
        if (type == LDAP_RES_SEARCH_RESULT)
            return result;
    }
}

static void fetch_begin(struct fetch *fetch) {
    fetch->added = fetch->changed = fetch->removed = fetch->skipped = 0;
    fetch->lost = fetch->found = 0;
    fetch->incomplete = false;
    fetch->cookie = (struct text){.at = fetch->cookie_bytes, .cap = sizeof(fetch->cookie_bytes)};
}

enum fetch_result fetch_sync(struct fetch *fetch) {
    int id = 0;
    fetch_begin(fetch);
    if (fetch_start_sync(fetch, &id) < 0)
        return FETCH_FAILED;
    enum fetch_result result = fetch_receive_sync(fetch, id);
    if (result == FETCH_OK && recheck_lost(fetch) < 0)
        result = FETCH_FAILED;
    return result == FETCH_OK ? fetch_remove_lost(fetch) : result;
}

/* Returns 1 and sets cookie if another page follows, 0 after the last page, or -1. */
static int fetch_end_page(struct fetch *fetch, LDAPMessage *message, struct berval *cookie) {
    LDAP *ldap = fetch->session->ldap;
    LDAPControl **controls = NULL;
    int code = LDAP_OTHER;
    ber_int_t estimate = 0;
    ber_memfree(cookie->bv_val);
    *cookie = (struct berval){0, NULL};
    int parsed = ldap_parse_result(ldap, message, &code, NULL, NULL, NULL, &controls, 0);
    LDAPControl *page =
        controls == NULL ? NULL : ldap_control_find(LDAP_CONTROL_PAGEDRESULTS, controls, NULL);
    if (page != NULL &&
        ldap_parse_pageresponse_control(ldap, page, &estimate, cookie) != LDAP_SUCCESS)
        parsed = LDAP_DECODING_ERROR;
    ldap_controls_free(controls);
    if (parsed == LDAP_SUCCESS && code == LDAP_SUCCESS)
        return cookie->bv_len > 0;
    fetch_blame(fetch, parsed != LDAP_SUCCESS ? parsed : code);
    return -1;
}

/* Returns as fetch_end_page does. */
static int fetch_receive_page(struct fetch *fetch, int id, struct berval *cookie) {
    for (;;) {
        LDAPMessage *message = NULL;
        int result = 0;
        int type = ldap_session_next(fetch->session, id, (int)fetch->config->timeout, &message);
        if (type == LDAP_RES_SEARCH_ENTRY) {
            struct identity who = attributes_identity(fetch->config, fetch->session->ldap, message);
            result = fetch_put(fetch, &who, message);
        } else if (type == LDAP_RES_SEARCH_RESULT) {
            result = fetch_end_page(fetch, message, cookie);
        }
        ldap_msgfree(message);
        if (type < 0 || result < 0)
            return -1;
        if (type == LDAP_RES_SEARCH_RESULT)
            return result;
    }
}

static int fetch_page(struct fetch *fetch, struct berval *cookie) {
    LDAPControl *control = NULL;
    int id = 0;
    int result = ldap_create_page_control(fetch->session->ldap, PAGE_ENTRIES,
                                          cookie->bv_val == NULL ? NULL : cookie, 1, &control);
    if (result != LDAP_SUCCESS) {
        ldap_session_blame(fetch->session, "search", result);
        return -1;
    }
    result = fetch_search(fetch, fetch->config->filter, control, &id);
    ldap_control_free(control);
    return result < 0 ? -1 : fetch_receive_page(fetch, id, cookie);
}

enum fetch_result fetch_pages(struct fetch *fetch) {
    struct berval cookie = {0, NULL};
    int more = 1;
    fetch_begin(fetch);
    fetch->full = true;
    while (more > 0)
        more = fetch_page(fetch, &cookie);
    ber_memfree(cookie.bv_val);
    if (more < 0)
        return FETCH_FAILED;
    fetch_lose_unnamed(fetch);
    return fetch_remove_lost(fetch);
}
