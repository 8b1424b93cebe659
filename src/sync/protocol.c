#include "sync/protocol.h"

#include <ldap.h>
#include <string.h>

int protocol_request(enum protocol_mode mode, struct span cookie, struct berval *value) {
    struct berval bytes = {cookie.len, (char *)cookie.at};
    BerElement *ber = ber_alloc_t(LBER_USE_DER);
    int result = -1;
    if (ber == NULL)
        return -1;
    if (cookie.len > 0)
        result = ber_printf(ber, "{eOb}", (int)mode, &bytes, 0);
    else
        result = ber_printf(ber, "{eb}", (int)mode, 0);
    if (result >= 0)
        result = ber_flatten2(ber, value, 1);
    ber_free(ber, 1);
    return result < 0 ? -1 : 0;
}

enum { /* BER tags (RFC 4511, section 5.1) */
       TAG_BOOLEAN = 0x01,
       TAG_OCTETS = 0x04,
       TAG_ENUMERATED = 0x0A,
       TAG_SEQUENCE = 0x30,
       TAG_SET = 0x31,
       LENGTH_BYTES_MAX = 4,
};

/* Removes the first element from rest and sets its tag and content. Accepts only definite lengths,
 * as LDAP does (RFC 4511, section 5.1). Returns false if rest does not start with a whole element.
 */
static bool take_element(struct span *rest, unsigned char *tag, struct span *content) {
    const unsigned char *at = (const unsigned char *)rest->at;
    size_t head = 2;
    if (rest->len < head)
        return false;
    size_t len = at[1];
    if (len >= 0x80) {
        size_t bytes = len - 0x80;
        if (bytes == 0 || bytes > LENGTH_BYTES_MAX || rest->len - head < bytes)
            return false;
        len = 0;
        for (size_t i = 0; i < bytes; i++)
            len = len << 8 | at[head + i];
        head += bytes;
    }
    if (rest->len - head < len)
        return false;
    *tag = at[0];
    *content = (struct span){rest->at + head, len};
    *rest = span_from(*rest, head + len);
    return true;
}

/* Removes the first element if it has the wanted tag. Otherwise leaves rest unchanged. */
static bool take_tagged(struct span *rest, unsigned char wanted, struct span *content) {
    struct span ahead = *rest;
    struct span inner;
    unsigned char tag = 0;
    if (!take_element(&ahead, &tag, &inner) || tag != wanted)
        return false;
    *rest = ahead;
    *content = inner;
    return true;
}

static bool take_identity(struct span *rest, struct identity *id) {
    struct span bytes;
    if (!take_tagged(rest, TAG_OCTETS, &bytes) || bytes.len != IDENTITY_LEN)
        return false;
    memcpy(id->bytes, bytes.at, IDENTITY_LEN);
    return true;
}

/* Removes a cookie and a flag. Each of them is optional. */
static void take_cookie_and_flag(struct span *rest, struct span *cookie, bool *flag) {
    struct span value;
    *cookie = (struct span){NULL, 0};
    *flag = false;
    take_tagged(rest, TAG_OCTETS, cookie);
    if (take_tagged(rest, TAG_BOOLEAN, &value))
        *flag = value.len > 0 && value.at[0] != 0;
}

struct span protocol_bytes(const struct berval *value) {
    return (struct span){value->bv_val, value->bv_val == NULL ? 0 : value->bv_len};
}

int protocol_entry(const struct berval *value, enum protocol_state *state, struct identity *id) {
    struct span rest = protocol_bytes(value);
    struct span inner;
    struct span number;
    if (!take_tagged(&rest, TAG_SEQUENCE, &inner) ||
        !take_tagged(&inner, TAG_ENUMERATED, &number) || number.len != 1 ||
        (unsigned char)number.at[0] > STATE_DELETE || !take_identity(&inner, id))
        return -1;
    *state = (enum protocol_state)number.at[0];
    return 0;
}

int protocol_done(const struct berval *value, struct span *cookie, bool *refresh_deletes) {
    struct span rest = protocol_bytes(value);
    struct span inner;
    if (!take_tagged(&rest, TAG_SEQUENCE, &inner))
        return -1;
    take_cookie_and_flag(&inner, cookie, refresh_deletes);
    return inner.len == 0 ? 0 : -1;
}

static int take_set(struct span rest, bool deleted, protocol_taker *take, void *context) {
    struct span set;
    struct identity id;
    if (!take_tagged(&rest, TAG_SET, &set))
        return -1;
    while (set.len > 0)
        if (!take_identity(&set, &id) || take(context, &id, deleted) < 0)
            return -1;
    return 0;
}

int protocol_info(const struct berval *value, protocol_taker *take, void *context) {
    struct span rest = protocol_bytes(value);
    struct span inner;
    struct span cookie;
    unsigned char tag = 0;
    bool deleted = false;
    if (!take_element(&rest, &tag, &inner))
        return -1;
    if (tag == LDAP_TAG_SYNC_NEW_COOKIE || tag == LDAP_TAG_SYNC_REFRESH_DELETE ||
        tag == LDAP_TAG_SYNC_REFRESH_PRESENT)
        return 0;
    if (tag != LDAP_TAG_SYNC_ID_SET)
        return -1;
    take_cookie_and_flag(&inner, &cookie, &deleted);
    return take_set(inner, deleted, take, context);
}

/* Finds the next CSN and removes it from cookie, with all that comes before it. A CSN is
 * TIME#COUNT#PROVIDER#MOD, such as 20260101120000.000000Z#000000#001#000000. */
static bool next_csn(struct span *cookie, struct span *csn) {
    static const size_t len = 40;
    while (cookie->len >= len) {
        *csn = (struct span){cookie->at, len};
        if (csn->at[22] == '#' && csn->at[29] == '#' && csn->at[33] == '#' && csn->at[21] == 'Z') {
            *cookie = span_from(*cookie, len);
            return true;
        }
        *cookie = span_from(*cookie, 1);
    }
    return false;
}

/* Returns the latest CSN in cookie that is from the same provider as like, or an empty span. */
static struct span csn_like(struct span cookie, struct span like) {
    struct span latest = {NULL, 0};
    struct span csn;
    while (next_csn(&cookie, &csn))
        if (memcmp(csn.at + 29, like.at + 29, 5) == 0 &&
            (latest.len == 0 || memcmp(csn.at, latest.at, csn.len) > 0))
            latest = csn;
    return latest;
}

bool protocol_has_csn(struct span cookie) {
    struct span csn;
    return next_csn(&cookie, &csn);
}

bool protocol_is_behind(struct span new_cookie, struct span old_cookie) {
    struct span csn;
    while (next_csn(&old_cookie, &csn)) {
        struct span same = csn_like(new_cookie, csn);
        if (same.len == 0 || memcmp(same.at, csn.at, csn.len) < 0)
            return true;
    }
    return false;
}
