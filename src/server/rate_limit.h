/* How often one peer, and one network, is sent datagrams. Whoever forges a sender's
 * address has us send to him: at most so often as this says (response rate limiting, as
 * name servers do it). And two services that take each other's answers for questions have
 * one packet under way, so the first one that is refused ends it (CVE-2024-2169).
 *
 * Buckets are chosen by a keyed hash (SipHash, Aumasson and Bernstein, 2012): nobody who
 * does not know the key can aim at another's. They are shared by chance only, and a
 * shared one is empty only when its peers together ask more than one of them may. The
 * memory is fixed; each bucket is one moment (the generic cell rate algorithm, ITU-T
 * I.371), so there is nothing to be swept. */
#ifndef LOOKUP_RATE_LIMIT_H
#define LOOKUP_RATE_LIMIT_H

#include <stdbool.h>
#include <sys/socket.h>

enum {
    RATE_DEFAULT = 2000, /* answers a second to a network, and twice that in one go */
    RATE_MAX = 1000000,
    RATE_PEERS = 40,      /* a peer may have so much less a second, */
    RATE_PEER_BURST = 40, /* and so many answers in one go */
    /* A loop over a long way is slower than a peer may be. Of so many answers to a peer
     * without a pause one is left out. */
    RATE_RUN = 1000,
    RATE_PAUSE_MS = 10000,
};

struct rate_limit;

/* For rate answers a second. Processes forked later share it. NULL errno. */
struct rate_limit *rate_limit_new(unsigned rate);
void rate_limit_free(struct rate_limit *limit);

/* True if the peer at address may be sent an answer now. The network is that of 24 bits in
 * IPv4, of 56 in IPv6; a Unix socket has none. */
bool rate_limit_has_room(struct rate_limit *limit, const struct sockaddr *address, socklen_t len);

/* Likewise, and then it is counted. */
bool rate_limit_take(struct rate_limit *limit, const struct sockaddr *address, socklen_t len);

#endif
