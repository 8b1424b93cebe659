/* Limits how often a peer, and a network, is sent datagrams. An attacker who forges a
 * sender's address can direct answers to a victim. This limits how many (response rate
 * limiting, as name servers do it). It also ends a loop of two services that take each
 * other's answers for requests: one packet is under way, and the first that gets no answer
 * is the last (CVE-2024-2169).
 *
 * A keyed hash (SipHash, Aumasson and Bernstein, 2012) chooses the bucket, so nobody without
 * the key can exhaust the bucket of another peer. Peers share a bucket only by chance. A
 * shared one is exhausted only if its peers together ask more than one of them may. The
 * memory is fixed. A bucket is a single point in time (the generic cell rate algorithm,
 * ITU-T I.371), so old ones need no cleaning up. */
#ifndef LOOKUP_RATE_LIMIT_H
#define LOOKUP_RATE_LIMIT_H

#include <stdbool.h>
#include <sys/socket.h>

enum {
    RATE_DEFAULT = 2000, /* answers a second to a network; twice that in a burst */
    RATE_MAX = 1000000,
    RATE_PEERS = 40,      /* a peer's rate is its network's divided by this */
    RATE_PEER_BURST = 40, /* answers to a peer in a burst */
    /* A loop with a long round trip stays within a peer's rate. So one answer in this many is
     * left out for a peer that makes no pause. */
    RATE_RUN = 1000,
    RATE_PAUSE_MS = 10000,
};

struct rate_limit;

/* Allows rate answers a second to a network. Processes that are forked later share it. Returns
 * NULL with errno on error. */
struct rate_limit *rate_limit_new(unsigned rate);
void rate_limit_free(struct rate_limit *limit);

/* True if the peer at address may be sent an answer now. Its network is the first 24 bits of
 * an IPv4 address, or 56 of an IPv6 address. A Unix socket has none. */
bool rate_limit_has_room(struct rate_limit *limit, const struct sockaddr *address, socklen_t len);

/* The same, and counts the answer. */
bool rate_limit_take(struct rate_limit *limit, const struct sockaddr *address, socklen_t len);

#endif
