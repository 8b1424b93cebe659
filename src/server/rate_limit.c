#include "server/rate_limit.h"

#include "data/siphash.h"
#include "net/deadline.h"
#include "net/mapped.h"

#include <netinet/in.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/un.h>

enum { PEERS = 1 << 16, NETWORKS = 1 << 14, SECOND = 1000000 };

/* Times are in microseconds. If two workers change a bucket at once, it may count only one. */
struct bucket {
    _Atomic int64_t next; /* when it will be full again */
};

struct rate_limit {
    struct siphash_key key;
    int64_t interval; /* between answers to a network */
    struct bucket peers[PEERS];
    struct bucket networks[NETWORKS];
    _Atomic uint32_t runs[PEERS]; /* answers without a pause */
};

struct rate_limit *rate_limit_new(unsigned rate) {
    struct rate_limit *limit =
        mmap(NULL, sizeof(*limit), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (limit == MAP_FAILED)
        return NULL;
    limit->interval = SECOND / (int64_t)rate;
    if (siphash_new_key(&limit->key) == 0)
        return limit;
    rate_limit_free(limit);
    return NULL;
}

void rate_limit_free(struct rate_limit *limit) {
    munmap(limit, sizeof(*limit));
}

/* Identifies a peer: its address and port, or its path. */
struct identity {
    char bytes[sizeof(struct sockaddr_un)];
    size_t len;
    size_t network; /* the length of its network's part, at the beginning; 0: none */
};

static void identity_put(struct identity *identity, const void *at, size_t len) {
    memcpy(identity->bytes + identity->len, at, len);
    identity->len += len;
}

static void identity_of(const struct sockaddr *address, socklen_t len, struct identity *identity) {
    const void *at = address;
    const struct sockaddr_in *v4 = at;
    const struct sockaddr_in6 *v6 = at;
    *identity = (struct identity){0};
    if (address->sa_family == AF_INET) {
        identity_put(identity, &v4->sin_addr, sizeof(v4->sin_addr));
        identity_put(identity, &v4->sin_port, sizeof(v4->sin_port));
        identity->network = 3;
    } else if (address->sa_family == AF_INET6) {
        identity_put(identity, &v6->sin6_addr, sizeof(v6->sin6_addr));
        identity_put(identity, &v6->sin6_port, sizeof(v6->sin6_port));
        identity->network = mapped_ipv4(&v6->sin6_addr) != NULL ? 15 : 7;
    } else {
        identity_put(identity, address,
                     len < sizeof(identity->bytes) ? len : sizeof(identity->bytes));
    }
}

/* True if the bucket has room for one more now; burst is how many it takes at once. */
static bool bucket_has_room(const struct bucket *bucket, int64_t now, int64_t interval,
                            int64_t burst) {
    int64_t next = atomic_load_explicit(&bucket->next, memory_order_relaxed);
    return next - now <= (burst - 1) * interval;
}

static void bucket_fill(struct bucket *bucket, int64_t now, int64_t interval) {
    int64_t next = atomic_load_explicit(&bucket->next, memory_order_relaxed);
    atomic_store_explicit(&bucket->next, (next > now ? next : now) + interval,
                          memory_order_relaxed);
}

/* False if this is the one in RATE_RUN that is left out. next is its bucket's. */
static bool run_goes_on(_Atomic uint32_t *run, int64_t next, int64_t now) {
    uint32_t count = next + (int64_t)RATE_PAUSE_MS * 1000 < now
                         ? 0
                         : atomic_load_explicit(run, memory_order_relaxed);
    count = count == RATE_RUN ? 0 : count + 1;
    atomic_store_explicit(run, count, memory_order_relaxed);
    return count > 0;
}

/* The counters of a peer. */
struct counters {
    struct bucket *peer;
    struct bucket *network; /* NULL: none */
    _Atomic uint32_t *run;
};

static struct counters counters_of(struct rate_limit *limit, const struct sockaddr *address,
                                   socklen_t len) {
    struct identity identity;
    identity_of(address, len, &identity);
    size_t peer = siphash(&limit->key, identity.bytes, identity.len) % PEERS;
    struct counters counters = {&limit->peers[peer], NULL, &limit->runs[peer]};
    if (identity.network > 0)
        counters.network =
            &limit->networks[siphash(&limit->key, identity.bytes, identity.network) % NETWORKS];
    return counters;
}

static bool counters_have_room(const struct rate_limit *limit, const struct counters *counters,
                               int64_t now) {
    return bucket_has_room(counters->peer, now, limit->interval * RATE_PEERS, RATE_PEER_BURST) &&
           (counters->network == NULL || bucket_has_room(counters->network, now, limit->interval,
                                                         INT64_C(2) * SECOND / limit->interval));
}

bool rate_limit_has_room(struct rate_limit *limit, const struct sockaddr *address, socklen_t len) {
    struct counters counters = counters_of(limit, address, len);
    return counters_have_room(limit, &counters, deadline_now() * 1000);
}

bool rate_limit_take(struct rate_limit *limit, const struct sockaddr *address, socklen_t len) {
    struct counters counters = counters_of(limit, address, len);
    int64_t now = deadline_now() * 1000;
    if (!counters_have_room(limit, &counters, now) ||
        !run_goes_on(counters.run, counters.peer->next, now))
        return false;
    bucket_fill(counters.peer, now, limit->interval * RATE_PEERS);
    if (counters.network != NULL)
        bucket_fill(counters.network, now, limit->interval);
    return true;
}
