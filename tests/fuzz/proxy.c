/* Fuzzes the reader of a proxy's header, whose bytes an input is: whatever pieces they come in, the
 * verdict is the same, and known before a byte that is the client's is needed. */
#include "server/proxy.h"

#include "check.h"

static void must_be_a_header(struct span bytes, const struct proxy_header *header) {
    bool v2 = bytes.at[0] == '\r';
    sa_family_t family = header->peer.any.sa_family;
    must(v2 ? header->len <= PROXY_MAX : header->len <= bytes.len && header->len <= PROXY_V1_MAX);
    must(v2 || (bytes.at[header->len - 2] == '\r' && bytes.at[header->len - 1] == '\n'));
    must(family == AF_UNSPEC || family == AF_INET || family == AF_INET6);
}

/* Of memory of its own, so that a byte read too far is seen. */
static enum proxy_verdict read_first(const unsigned char *data, size_t len,
                                     struct proxy_header *header) {
    char *at = malloc(len + (len == 0));
    must(at != NULL);
    memcpy(at, data, len);
    enum proxy_verdict verdict = proxy_read((struct span){at, len}, header);
    if (verdict == PROXY_WHOLE)
        must_be_a_header((struct span){at, len}, header);
    must(verdict != PROXY_MORE || len < PROXY_SEEN_MAX);
    free(at);
    return verdict;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size) {
    struct proxy_header whole;
    struct proxy_header part;
    enum proxy_verdict at_once = size > 0 ? read_first(data, size, &whole) : PROXY_MORE;
    for (size_t len = 1; len < size; len++) {
        enum proxy_verdict verdict = read_first(data, len, &part);
        if (verdict == PROXY_MORE)
            continue;
        must(verdict == at_once);
        must(verdict == PROXY_BROKEN || part.len >= len);
        must(part.len == whole.len &&
             memcmp(&part.peer.v6, &whole.peer.v6, sizeof(part.peer.v6)) == 0);
        break;
    }
    return 0;
}
