#include "sync/recheck.h"

#include <stdlib.h>
#include <string.h>

/* Appends (entryUUID=...) to a filter. The format is that of RFC 4530, section 2.1, and RFC 4122,
 * section 3. */
static void add_uuid(struct text *out, const struct identity *id) {
    static const char digits[] = "0123456789abcdef";
    text_put(out, SPAN("(entryUUID="));
    for (size_t i = 0; i < sizeof(id->bytes); i++) {
        unsigned char byte = (unsigned char)id->bytes[i];
        char pair[] = {digits[byte >> 4], digits[byte & 15]};
        if (i == 4 || i == 6 || i == 8 || i == 10)
            text_put(out, SPAN("-"));
        text_put(out, (struct span){pair, sizeof(pair)});
    }
    text_put(out, SPAN(")"));
}

/* Returns a filter for the next RECHECK_BATCH lost entries, from index *at on, if they still match
 * filter. Moves *at behind them. The caller frees it. NULL: no memory. */
static char *batch_filter(const struct table *table, const char *filter, size_t *at) {
    size_t room = strlen(filter) + (size_t)RECHECK_BATCH * 48 + 16;
    char *all = malloc(room);
    if (all == NULL)
        return NULL;
    struct text out = {.at = all, .cap = room - 1};
    text_put(&out, SPAN("(&"));
    text_put(&out, span_of(filter));
    text_put(&out, SPAN("(|"));
    for (int count = 0; *at < table->count && count < RECHECK_BATCH; (*at)++) {
        if (!table->at[*at].lost)
            continue;
        add_uuid(&out, &table->at[*at].id);
        count++;
    }
    text_put(&out, SPAN("))"));
    all[out.len] = '\0';
    return all;
}

/* Does not store a container, but marks it as present: if it was moved, the next poll must still
 * see it as changed. */
static int recheck_take(struct fetch *fetch, LDAPMessage *message) {
    struct identity id;
    if (!attributes_uuid(fetch->session->ldap, message, &id))
        return 0;
    struct table_entry *entry = table_find(&fetch->state->replay.table, &id);
    if (entry == NULL || !entry->lost)
        return 0;
    if (!profile_is_container(entry->profile))
        return fetch_put(fetch, &id, message);
    fetch_find(fetch, entry);
    return 0;
}

static int recheck_end(struct fetch *fetch, LDAPMessage *message) {
    int code = LDAP_OTHER;
    int parsed = ldap_parse_result(fetch->session->ldap, message, &code, NULL, NULL, NULL, NULL, 0);
    if (parsed == LDAP_SUCCESS && code == LDAP_SUCCESS)
        return 0;
    fetch_blame(fetch, parsed != LDAP_SUCCESS ? parsed : code);
    return -1;
}

static int recheck_receive(struct fetch *fetch, int id) {
    int type = 0;
    int result = 0;
    while (result == 0 && type != LDAP_RES_SEARCH_RESULT) {
        LDAPMessage *message = NULL;
        type = ldap_session_next(fetch->session, id, (int)fetch->config->timeout, &message);
        if (type == LDAP_RES_SEARCH_ENTRY)
            result = recheck_take(fetch, message);
        else if (type == LDAP_RES_SEARCH_RESULT)
            result = recheck_end(fetch, message);
        else if (type < 0)
            result = -1;
        ldap_msgfree(message);
    }
    return result;
}

static int recheck_search(struct fetch *fetch, const char *filter) {
    int id = 0;
    return fetch_search(fetch, filter, NULL, &id) < 0 ? -1 : recheck_receive(fetch, id);
}

static int recheck_batches(struct fetch *fetch, const char *filter) {
    size_t at = 0;
    int result = 0;
    for (unsigned long left = fetch->lost; result == 0 && left > 0;) {
        char *batch = batch_filter(&fetch->state->replay.table, filter, &at);
        if (batch == NULL)
            ldap_session_blame(fetch->session, "search", LDAP_NO_MEMORY);
        result = batch == NULL ? -1 : recheck_search(fetch, batch);
        free(batch);
        left -= left < RECHECK_BATCH ? left : RECHECK_BATCH;
    }
    return result;
}

int recheck_lost(struct fetch *fetch) {
    if (fetch->lost == 0)
        return 0;
    char *filter = attributes_filter(fetch->config->filter);
    if (filter == NULL) {
        ldap_session_blame(fetch->session, "search", LDAP_NO_MEMORY);
        return -1;
    }
    int result =
        fetch->lost > RECHECK_MOST ? recheck_search(fetch, filter) : recheck_batches(fetch, filter);
    free(filter);
    return result;
}
