#include "server/networks.h"

#include "net/mapped.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    NETWORK_TEXT_MAX = INET6_ADDRSTRLEN + 4,
    MAPPED_BITS = 96, /* before the IPv4 address in an IPv4-mapped one */
};

static unsigned network_bits_max(const struct network *network) {
    return network->family == AF_INET ? 32 : 128;
}

/* Returns true if all bits after the leading ones are zero. */
static bool network_ends_in_zeros(const struct network *network) {
    for (unsigned bit = network->bits; bit < network_bits_max(network); bit++)
        if (network->address[bit / 8] & (0x80U >> bit % 8))
            return false;
    return true;
}

/* Takes digits only, without leading zeros. */
static int network_read_bits(const char *text, struct network *network) {
    char *end;
    unsigned long bits = strtoul(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || (text[0] == '0' && text[1] != '\0') || *end != '\0' ||
        bits > network_bits_max(network))
        return -1;
    network->bits = (unsigned)bits;
    return 0;
}

/* Makes an IPv4-mapped network one of IPv4, as networks_hold does with addresses. */
static void network_unmap(struct network *network) {
    struct in6_addr v6;
    if (network->family == AF_INET || network->bits < MAPPED_BITS)
        return;
    memcpy(&v6, network->address, sizeof(v6));
    const unsigned char *v4 = mapped_ipv4(&v6);
    if (v4 == NULL)
        return;
    network->family = AF_INET;
    network->bits -= MAPPED_BITS;
    memcpy(network->address, v4, 4);
}

/* Cuts text at its slash. Returns NULL, or a message about what is wrong. */
static const char *network_read(char *text, struct network *network) {
    char *slash = strchr(text, '/');
    if (slash != NULL)
        *slash = '\0';
    *network = (struct network){.family = strchr(text, ':') == NULL ? AF_INET : AF_INET6};
    network->bits = network_bits_max(network);
    if (inet_pton(network->family, text, network->address) != 1)
        return "is not an address";
    if (slash != NULL && network_read_bits(slash + 1, network) < 0)
        return "has an invalid prefix length";
    if (!network_ends_in_zeros(network))
        return "has bits set after its prefix";
    network_unmap(network);
    return NULL;
}

int networks_add(struct networks *networks, const char *list, char why[NETWORKS_WHY_MAX]) {
    for (bool more = true; more;) {
        char text[NETWORK_TEXT_MAX + 1];
        size_t len = strcspn(list, ",");
        const char *fault = NULL;
        snprintf(text, sizeof(text), "%.*s", (int)(len < sizeof(text) ? len : sizeof(text)), list);
        if (networks->count == NETWORKS_MAX)
            fault = "is one too many: there can be 64";
        else if (len >= sizeof(text))
            fault = "is not an address";
        else
            fault = network_read(text, &networks->at[networks->count++]);
        if (fault != NULL) {
            snprintf(why, NETWORKS_WHY_MAX, "%.*s %s", (int)(len < 64 ? len : 64), list, fault);
            return -1;
        }
        more = list[len] == ',';
        list += len + more;
    }
    return 0;
}

static bool network_holds(const struct network *network, int family, const unsigned char *address) {
    size_t whole = network->bits / 8;
    unsigned char mask = (unsigned char)(0xFF00U >> network->bits % 8);
    if (network->family != family || memcmp(network->address, address, whole) != 0)
        return false;
    return mask == 0 || ((network->address[whole] ^ address[whole]) & mask) == 0;
}

bool networks_hold(const struct networks *networks, const struct sockaddr *address) {
    const void *at = address;
    const unsigned char *bytes = NULL;
    int family = address->sa_family;
    if (family == AF_INET) {
        bytes = (const void *)&((const struct sockaddr_in *)at)->sin_addr;
    } else if (family == AF_INET6) {
        const struct in6_addr *v6 = &((const struct sockaddr_in6 *)at)->sin6_addr;
        bytes = mapped_ipv4(v6);
        if (bytes != NULL)
            family = AF_INET;
        else
            bytes = v6->s6_addr;
    }
    for (size_t i = 0; bytes != NULL && i < networks->count; i++)
        if (network_holds(&networks->at[i], family, bytes))
            return true;
    return false;
}
