#include "server/datagram.h"

#include "net/deadline.h"
#include "net/mapped.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    CONTROL_ROOM = 64,
    HEADERS_V4 = 28, /* bytes: IP (RFC 791, RFC 8200) and UDP (RFC 768) */
    HEADERS_V6 = 48,
    TURN_MS = 10, /* if a batch takes longer, the next one is smaller */
};

/* v4 is the 4 bytes of an IPv4 address. */
static bool is_unicast(const void *v4) {
    uint32_t address;
    memcpy(&address, v4, sizeof(address));
    address = ntohl(address);
    return address >> 28 != 0xE && address != INADDR_BROADCAST && address != INADDR_ANY;
}

/* True if answers may go to the address: a client's port, and a single receiver. */
static bool datagram_may_answer_to(const union address *from, socklen_t len, int own_port) {
    int port = 0;
    bool single = true;
    if (len <= offsetof(struct sockaddr_un, sun_path))
        return false; /* a Unix socket without a name: the kernel did not set from */
    if (from->any.sa_family == AF_UNIX)
        return true;
    if (from->any.sa_family == AF_INET) {
        port = ntohs(from->v4.sin_port);
        single = is_unicast(&from->v4.sin_addr);
    } else if (from->any.sa_family == AF_INET6) {
        const struct in6_addr *v6 = &from->v6.sin6_addr;
        const unsigned char *v4 = mapped_ipv4(v6);
        port = ntohs(from->v6.sin6_port);
        single = !IN6_IS_ADDR_MULTICAST(v6) && !IN6_IS_ADDR_UNSPECIFIED(v6) &&
                 (v4 == NULL || is_unicast(v4));
    }
    return single && port >= 1024 && port != own_port;
}

static bool is_an_answer(struct span s) {
    return span_starts(s, SPAN("UNKNOWN ")) || span_starts(s, SPAN("ERROR: "));
}

/* The error for an answer that is too long has the line end that the answer would have. */
static struct span answer_line_end(const struct text *answer) {
    size_t len = answer->len;
    if (len == 0 || answer->at[len - 1] != '\n')
        return SPAN("");
    return len > 1 && answer->at[len - 2] == '\r' ? SPAN("\r\n") : SPAN("\n");
}

/* cap is greater than len, so frame() never takes the buffer for full and drops nothing. */
static struct request request_of(char *at, size_t len, const struct service *service) {
    struct request request = {.at = at, .len = len, .cap = len + 1};
    request.ending = service->frame(&request, 0) ? ENDING_WHOLE : ENDING_EOF;
    return request;
}

static bool is_v4(const union address *from) {
    return from->any.sa_family == AF_INET ||
           (from->any.sa_family == AF_INET6 && mapped_ipv4(&from->v6.sin6_addr) != NULL);
}

/* The greatest length of an answer to this request. */
static size_t datagram_answer_max(const struct datagram *datagram) {
    if (datagram->from.any.sa_family == AF_UNIX)
        return DATAGRAM_ANSWER_MAX;
    size_t headers = is_v4(&datagram->from) ? HEADERS_V4 : HEADERS_V6;
    size_t most = DATAGRAM_GROWTH * (headers + datagram->len) - headers;
    return most < DATAGRAM_ANSWER_MAX ? most : DATAGRAM_ANSWER_MAX;
}

bool datagram_reply(const struct datagram *datagram, const struct listener *listener,
                    struct responder *responder, struct text *out) {
    char bytes[ANSWER_MAX];
    struct text answer = {.at = bytes, .cap = sizeof(bytes)};
    if (datagram->len == 0 || is_an_answer((struct span){datagram->at, datagram->len}) ||
        !datagram_may_answer_to(&datagram->from, datagram->from_len, listener->port))
        return false;
    struct request request = request_of(datagram->at, datagram->len, listener->service);
    request.cut = datagram->cut;
    struct caller caller = {listener->source.fd, &datagram->from.any};
    enum result result = responder_answer(responder, listener->service, &request, caller, &answer);
    if (result == RESULT_REFUSED || result == RESULT_LATE)
        return false;
    if (answer.len <= datagram_answer_max(datagram)) {
        text_put(out, text_span(&answer));
        return true;
    }
    text_put(out, SPAN("ERROR: answer too long, ask by TCP"));
    text_put(out, answer_line_end(&answer));
    return true;
}

struct datagram_slot {
    struct datagram datagram;
    struct iovec request;
    struct iovec answer;
    bool within_rate; /* the sender is, so it may be answered */
    bool has_answer;
    _Alignas(struct cmsghdr) char control[CONTROL_ROOM];
    char answer_bytes[DATAGRAM_ANSWER_MAX];
};

/* The large request buffers are separate. Otherwise their unused parts would spread the
 * other members over more pages than the TLB holds. */
struct datagrams {
    int family;    /* that in is prepared for */
    size_t used;   /* elements of in that the last batch used, to be prepared again */
    unsigned most; /* datagrams in the next batch */
    struct mmsghdr in[DATAGRAM_BATCH];
    struct mmsghdr out[DATAGRAM_BATCH];
    struct datagram_slot slot[DATAGRAM_BATCH];
    struct rate_limit *limit;
    char request_bytes[DATAGRAM_BATCH][DATAGRAM_MAX];
};

struct datagrams *datagrams_new(struct rate_limit *limit) {
    struct datagrams *d = malloc(sizeof(struct datagrams));
    if (d == NULL)
        return NULL;
    d->family = AF_UNSPEC;
    d->most = DATAGRAM_BATCH;
    d->limit = limit;
    return d;
}

void datagrams_free(struct datagrams *d) {
    free(d);
}

static void datagram_prepare(struct mmsghdr *in, struct datagram_slot *slot, char *bytes,
                             int family) {
    slot->request = (struct iovec){bytes, DATAGRAM_MAX};
    in->msg_hdr = (struct msghdr){
        .msg_name = &slot->datagram.from,
        .msg_namelen = sizeof(slot->datagram.from),
        .msg_iov = &slot->request,
        .msg_iovlen = 1,
        .msg_control = slot->control,
        .msg_controllen = sizeof(slot->control),
    };
    /* A Unix datagram could carry descriptors, which would stay open for ever. */
    if (family == AF_UNIX)
        in->msg_hdr.msg_controllen = 0;
}

/* Prepares again only what the last batch used. */
static void datagram_prepare_all(struct datagrams *d, int family) {
    size_t count = family == d->family ? d->used : DATAGRAM_BATCH;
    for (size_t i = 0; i < count; i++)
        datagram_prepare(&d->in[i], &d->slot[i], d->request_bytes[i], family);
    d->family = family;
    d->used = 0;
}

/* Turns the control message of a request into that of its answer, so that the answer comes
 * from the address that the request was sent to. Both have the same form. Only the interface
 * is cleared, so that routing chooses it, unless the address is link-local. False: no answer
 * may come from that address. The kernel also reports the local address that received the
 * datagram, unless it arrived before IP_PKTINFO was set. If the two differ, the datagram was
 * a broadcast. If it reports none, sending from a foreign address fails. */
static bool datagram_turn_around_v4(struct in_pktinfo *info) {
    uint32_t asked = info->ipi_addr.s_addr;
    bool other = info->ipi_spec_dst.s_addr != 0 && info->ipi_spec_dst.s_addr != asked;
    info->ipi_ifindex = 0;
    info->ipi_spec_dst.s_addr = asked;
    return is_unicast(&asked) && !other;
}

static bool datagram_turn_around_v6(struct in6_pktinfo *info) {
    if (!IN6_IS_ADDR_LINKLOCAL(&info->ipi6_addr))
        info->ipi6_ifindex = 0;
    return !IN6_IS_ADDR_MULTICAST(&info->ipi6_addr);
}

static bool datagram_turn_around(struct msghdr *message) {
    bool may = true;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c != NULL; c = CMSG_NXTHDR(message, c)) {
        void *data = CMSG_DATA(c);
        if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO)
            may = may && datagram_turn_around_v4(data);
        if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO)
            may = may && datagram_turn_around_v6(data);
    }
    return may;
}

static int datagram_send_all(int fd, struct mmsghdr *out, unsigned count) {
    for (unsigned at = 0; at < count;) {
        int sent = sendmmsg(fd, out + at, count - at, MSG_DONTWAIT | MSG_NOSIGNAL);
        /* The first one cannot be sent: its client has gone, or reads too slowly. It is
         * dropped, as any datagram may be. */
        at += sent > 0 ? (unsigned)sent : 1;
        if (sent < 0 && listener_is_lost(errno))
            return -1;
    }
    return 0;
}

/* A request beyond its sender's rate is not even looked up. */
static void datagram_set(const struct datagrams *d, const struct mmsghdr *in,
                         struct datagram_slot *slot) {
    struct datagram *datagram = &slot->datagram;
    datagram->from_len = in->msg_hdr.msg_namelen;
    datagram->at = slot->request.iov_base;
    datagram->len = in->msg_len;
    datagram->cut = (in->msg_hdr.msg_flags & MSG_TRUNC) != 0;
    slot->within_rate = d->limit == NULL || datagram->from_len == 0 ||
                        rate_limit_has_room(d->limit, &datagram->from.any, datagram->from_len);
}

/* Sets slot->has_answer if there is an answer, which is then in slot->answer. */
static void datagram_answer(struct datagram_slot *slot, const struct listener *listener,
                            struct responder *responder) {
    struct text out = {.at = slot->answer_bytes, .cap = sizeof(slot->answer_bytes)};
    slot->has_answer =
        slot->within_rate && datagram_reply(&slot->datagram, listener, responder, &out);
    slot->answer = (struct iovec){out.at, out.len};
}

/* Answers all of them from the same book. */
static void datagram_answer_all(struct datagrams *d, const struct listener *listener,
                                struct responder *responder) {
    for (size_t i = 0; i < d->used; i++)
        datagram_set(d, &d->in[i], &d->slot[i]);
    book_reload_if_changed(responder);
    do {
        for (size_t i = 0; i < d->used; i++)
            datagram_answer(&d->slot[i], listener, responder);
    } while (book_changed_meanwhile(responder));
}

static bool datagram_may_go(const struct datagrams *d, const struct datagram *datagram) {
    return d->limit == NULL || rate_limit_take(d->limit, &datagram->from.any, datagram->from_len);
}

/* Other clients wait while a batch is answered. */
static void datagrams_pace(struct datagrams *d, int64_t took) {
    if (took >= TURN_MS)
        d->most = (d->most + 1) / 2;
    else if (d->most <= DATAGRAM_BATCH / 2)
        d->most *= 2;
}

int datagrams_serve(struct datagrams *d, const struct listener *listener,
                    struct responder *responder) {
    unsigned answers = 0;
    deadline begun = deadline_now();
    datagram_prepare_all(d, listener->family);
    int got = recvmmsg(listener->source.fd, d->in, d->most, MSG_DONTWAIT, NULL);
    if (got < 0)
        return errno == EAGAIN || errno == EINTR ? 0 : -1;
    d->used = (size_t)got;
    datagram_answer_all(d, listener, responder);
    datagrams_pace(d, deadline_now() - begun);
    for (int i = 0; i < got; i++) {
        struct datagram_slot *slot = &d->slot[i];
        struct mmsghdr *out = &d->out[answers];
        if (!slot->has_answer || !datagram_turn_around(&d->in[i].msg_hdr) ||
            !datagram_may_go(d, &slot->datagram))
            continue;
        *out = d->in[i];
        out->msg_hdr.msg_iov = &slot->answer;
        out->msg_hdr.msg_flags = 0;
        answers++;
    }
    stats_bump(&responder->stats->unanswered, (unsigned)got - answers);
    return datagram_send_all(listener->source.fd, d->out, answers) < 0 ? -1 : got;
}
