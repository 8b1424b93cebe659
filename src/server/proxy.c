#include "server/proxy.h"

#include "net/mapped.h"

#include <arpa/inet.h>

enum {
    V2_FIXED = 16, /* bytes before the addresses */
    V2_LOCAL = 0x20,
    V2_PROXY = 0x21,
    V2_TCP4 = 0x11,
    V2_TCP6 = 0x21,
    V2_FAMILY_MAX = 3, /* Unix */
    V2_KIND_MAX = 2,   /* datagrams */
};

static const struct span v1_begin = {"PROXY ", 6};
static const struct span v2_begin = {"\r\n\r\n\0\r\nQUIT\n", 12};

/* Returns true if bytes are the start of begin, or begin with it. */
static bool may_begin(struct span bytes, struct span begin) {
    size_t len = bytes.len < begin.len ? bytes.len : begin.len;
    return memcmp(bytes.at, begin.at, len) == 0;
}

/* Removes the first field from *rest, with the one space after it unless it is the last field. The
 * field is empty on error. */
static struct span v1_field(struct span *rest, bool last) {
    const char *space = rest->len > 0 ? memchr(rest->at, ' ', rest->len) : NULL;
    struct span field = {rest->at, space == NULL ? rest->len : (size_t)(space - rest->at)};
    if ((space == NULL) != last)
        field.len = 0; /* too few or too many fields; an empty field is invalid */
    *rest = span_from(*rest, field.len < rest->len ? field.len + 1 : field.len);
    return field;
}

static bool v1_address(struct span field, int family, void *address) {
    char text[INET6_ADDRSTRLEN];
    if (field.len >= sizeof(text) || memchr(field.at, '\0', field.len) != NULL)
        return false;
    memcpy(text, field.at, field.len);
    text[field.len] = '\0';
    return inet_pton(family, text, address) == 1;
}

/* Returns the port, or -1 if field is none. */
static long v1_port(struct span field) {
    long port = 0;
    if (field.len == 0 || field.len > 5 || (field.at[0] == '0' && field.len > 1))
        return -1;
    for (size_t i = 0; i < field.len; i++) {
        if (field.at[i] < '0' || field.at[i] > '9')
            return -1;
        port = port * 10 + (field.at[i] - '0');
    }
    return port <= 65535 ? port : -1;
}

/* The address that was connected to does not count. If it is of the other family, nginx writes it
 * as it is, although section 2.1 has both in one. */
static bool v1_is_any_address(struct span field) {
    struct in6_addr ignored;
    return v1_address(field, AF_INET, &ignored) || v1_address(field, AF_INET6, &ignored);
}

/* line is the text between "PROXY " and the CRLF. */
static bool v1_read_line(struct span line, union proxy_peer *peer) {
    if (span_starts(line, SPAN("UNKNOWN")) && (line.len == 7 || line.at[7] == ' '))
        return true; /* the rest must be ignored */
    struct span kind = v1_field(&line, false);
    bool v4 = span_equal(kind, SPAN("TCP4"));
    if (!v4 && !span_equal(kind, SPAN("TCP6")))
        return false;
    sa_family_t family = v4 ? AF_INET : AF_INET6;
    void *address = v4 ? (void *)&peer->v4.sin_addr : (void *)&peer->v6.sin6_addr;
    if (!v1_address(v1_field(&line, false), family, address) ||
        !v1_is_any_address(v1_field(&line, false)))
        return false;
    long port = v1_port(v1_field(&line, false));
    if (port < 0 || v1_port(v1_field(&line, true)) < 0)
        return false;
    peer->any.sa_family = family;
    *(v4 ? &peer->v4.sin_port : &peer->v6.sin6_port) = htons((uint16_t)port);
    return true;
}

static enum proxy_verdict v1_read(struct span bytes, struct proxy_header *header) {
    size_t room = bytes.len < PROXY_V1_MAX ? bytes.len : PROXY_V1_MAX;
    const char *lf = memchr(bytes.at, '\n', room);
    if (lf == NULL)
        return room < PROXY_V1_MAX ? PROXY_MORE : PROXY_BROKEN;
    size_t end = (size_t)(lf - bytes.at);
    if (end <= v1_begin.len || bytes.at[end - 1] != '\r')
        return PROXY_BROKEN;
    header->len = end + 1;
    struct span line = {bytes.at + v1_begin.len, end - 1 - v1_begin.len};
    return v1_read_line(line, &header->peer) ? PROXY_WHOLE : PROXY_BROKEN;
}

/* Returns the number of bytes of both addresses and ports. */
static size_t v2_addresses(unsigned family) {
    static const size_t lengths[V2_FAMILY_MAX + 1] = {0, 12, 36, 216};
    return lengths[family];
}

/* The order is source address, destination address, source port, destination port. */
static void v2_read_peer(const char *at, unsigned kind, union proxy_peer *peer) {
    if (kind == V2_TCP4) {
        peer->v4.sin_family = AF_INET;
        memcpy(&peer->v4.sin_addr, at, 4);
        memcpy(&peer->v4.sin_port, at + 8, 2);
    } else if (kind == V2_TCP6) {
        peer->v6.sin6_family = AF_INET6;
        memcpy(&peer->v6.sin6_addr, at, 16);
        memcpy(&peer->v6.sin6_port, at + 32, 2);
    }
}

static enum proxy_verdict v2_read(struct span bytes, struct proxy_header *header) {
    const unsigned char *at = (const unsigned char *)bytes.at;
    if (bytes.len > 12 && at[12] != V2_LOCAL && at[12] != V2_PROXY)
        return PROXY_BROKEN;
    if (bytes.len < V2_FIXED)
        return PROXY_MORE;
    bool local = at[12] == V2_LOCAL; /* then the family must be ignored */
    unsigned family = at[13] >> 4;
    size_t length = (size_t)at[14] << 8 | at[15];
    if (!local &&
        (family > V2_FAMILY_MAX || (at[13] & 0xFU) > V2_KIND_MAX || length < v2_addresses(family)))
        return PROXY_BROKEN;
    if (!local && bytes.len < V2_FIXED + v2_addresses(family))
        return PROXY_MORE;
    header->len = V2_FIXED + length;
    if (!local)
        v2_read_peer(bytes.at + V2_FIXED, at[13], &header->peer);
    return PROXY_WHOLE;
}

/* A client of IPv4 may come to the proxy at a socket of IPv6. He stays one client. */
static void peer_unmap(union proxy_peer *peer) {
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = peer->v6.sin6_port};
    const unsigned char *at =
        peer->any.sa_family == AF_INET6 ? mapped_ipv4(&peer->v6.sin6_addr) : NULL;
    if (at == NULL)
        return;
    memcpy(&v4.sin_addr, at, sizeof(v4.sin_addr));
    *peer = (union proxy_peer){.v4 = v4};
}

enum proxy_verdict proxy_read(struct span bytes, struct proxy_header *header) {
    enum proxy_verdict verdict = PROXY_BROKEN;
    memset(header, 0, sizeof(*header));
    if (bytes.len == 0)
        return PROXY_MORE;
    if (may_begin(bytes, v1_begin))
        verdict = v1_read(bytes, header);
    else if (may_begin(bytes, v2_begin))
        verdict = v2_read(bytes, header);
    peer_unmap(&header->peer);
    return verdict;
}
