#include "server/places.h"

#include "net/mapped.h"

#include <netinet/in.h>
#include <string.h>

int places_open(struct places *places) {
    memset(places, 0, sizeof(*places));
    return siphash_new_key(&places->key);
}

static unsigned places_number(const struct places *places, const void *at, size_t len) {
    return (unsigned)(siphash(&places->key, at, len) % PLACES_ORIGINS);
}

unsigned places_origin(const struct places *places, int fd, const struct sockaddr *from) {
    const void *at = from;
    if (from->sa_family == AF_INET)
        return places_number(places, &((const struct sockaddr_in *)at)->sin_addr, 4);
    if (from->sa_family == AF_INET6) {
        const struct in6_addr *v6 = &((const struct sockaddr_in6 *)at)->sin6_addr;
        return places_number(places, v6, mapped_ipv4(v6) != NULL ? 16 : 8);
    }
    struct ucred peer = {.uid = (uid_t)-1};
    socklen_t len = sizeof(peer);
    getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len);
    return places_number(places, &peer.uid, sizeof(peer.uid));
}

unsigned places_most(const struct places *places) {
    unsigned most = 0;
    for (unsigned i = 0; i < PLACES_ORIGINS; i++)
        if (places->held[i] > most)
            most = places->held[i];
    return most;
}
