/* Fuzzes the sync values that a directory server sends: the first byte says which value the
 * rest is. */
#include "check.h"
#include "sync/protocol.h"

static int take(void *context, const struct identity *id, bool is_deleted) {
    size_t *bytes = context;
    (void)is_deleted;
    *bytes += sizeof(id->bytes);
    return 0;
}

static void compare(struct span cookie, const unsigned char *data, size_t size) {
    struct span all = {(const char *)data, size};
    must(cookie.len <= size);
    must(!protocol_is_behind(all, all));
    must(!protocol_is_behind(cookie, SPAN("")));
    protocol_is_behind(cookie, all);
    protocol_is_behind(all, cookie);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size) {
    enum protocol_state state;
    struct identity id;
    struct span cookie = {NULL, 0};
    bool flag = false;
    size_t taken = 0;
    if (size == 0)
        return 0;
    struct berval value = {size - 1, malloc(size)};
    must(value.bv_val != NULL);
    memcpy(value.bv_val, data + 1, size - 1);
    switch (data[0] % 4) {
    case 0: must(protocol_entry(&value, &state, &id) < 0 || state <= STATE_DELETE); break;
    case 1: must(protocol_done(&value, &cookie, &flag) < 0 || cookie.len < size); break;
    case 2: protocol_info(&value, take, &taken); break;
    default: cookie = (struct span){value.bv_val, value.bv_len / 2}; break;
    }
    must(taken <= size);
    if (cookie.at != NULL)
        compare(cookie, data + 1, size - 1);
    free(value.bv_val);
    return 0;
}
