#include "server/datagram.h"

#include "data/cdbread.h"

#include <stdlib.h>
#include <string.h>

enum { CONTROL_ROOM = 64 };

/* Remembers the peer whose address these bytes are. False if one in its place
 * was remembered already: it should not be answered now. */
static bool echoes_note(struct echoes *echoes, struct span peer) {
    deadline *until = &echoes->until[cdbread_hash(peer) % ECHOES];
    if (*until > deadline_now())
        return false;
    *until = deadline_in(ECHOES_MS);
    return true;
}

static bool is_one_or_many(uint32_t v4) {
    return v4 >> 28 != 0xE && v4 != INADDR_BROADCAST && v4 != INADDR_ANY;
}

/* The address may be answered: a port of a client's, one receiver. */
static bool datagram_may_answer_to(const union address *from, socklen_t len, int own_port) {
    int port = 0;
    bool single = true;
    if (len <= offsetof(struct sockaddr_un, sun_path))
        return false; /* a Unix socket without a name: from was not written */
    if (from->any.sa_family == AF_UNIX)
        return true;
    if (from->any.sa_family == AF_INET) {
        port = ntohs(from->v4.sin_port);
        single = is_one_or_many(ntohl(from->v4.sin_addr.s_addr));
    } else if (from->any.sa_family == AF_INET6) {
        const struct in6_addr *v6 = &from->v6.sin6_addr;
        uint32_t mapped;
        memcpy(&mapped, &v6->s6_addr[12], sizeof(mapped));
        port = ntohs(from->v6.sin6_port);
        single = !IN6_IS_ADDR_MULTICAST(v6) && !IN6_IS_ADDR_UNSPECIFIED(v6) &&
                 (!IN6_IS_ADDR_V4MAPPED(v6) || is_one_or_many(ntohl(mapped)));
    }
    return single && port >= 1024 && port != own_port;
}

static bool is_an_answer(struct span s) {
    return span_starts(s, SPAN("UNKNOWN ")) || span_starts(s, SPAN("ERROR: "));
}

/* What says that an answer is too long ends as that answer would have. */
static struct span answer_line_end(const struct text *answer) {
    size_t len = answer->len;
    if (len == 0 || answer->at[len - 1] != '\n')
        return SPAN("");
    return len > 1 && answer->at[len - 2] == '\r' ? SPAN("\r\n") : SPAN("\n");
}

/* Nothing can follow that framing would have to make room for: there is some. */
static struct request request_of(char *at, size_t len, const struct service *service) {
    struct request request = {.at = at, .len = len, .cap = len + 1};
    request.ending = service->frame(&request, 0) ? ENDING_WHOLE : ENDING_EOF;
    return request;
}

/* True if the answer would itself be answered with something that is no error:
 * between two services it could go back and forth for ever. */
static bool may_echo(const struct text *answer, const struct service *service,
                     const struct responder *responder) {
    char bytes[ANSWER_MAX];
    struct text out = {.at = bytes, .cap = sizeof(bytes)};
    if (is_an_answer(text_span(answer)))
        return false;
    struct request again = request_of(answer->at, answer->len, service);
    return responder_ask(responder, service, &again, &out) == RESULT_HIT;
}

bool datagram_reply(const struct datagram *datagram, const struct listener *listener,
                    struct responder *responder, struct echoes *echoes, struct text *out) {
    char bytes[ANSWER_MAX];
    struct text answer = {.at = bytes, .cap = sizeof(bytes)};
    if (datagram->len == 0 || is_an_answer((struct span){datagram->at, datagram->len}) ||
        !datagram_may_answer_to(&datagram->from, datagram->from_len, listener->port))
        return false;
    struct request request = request_of(datagram->at, datagram->len, listener->service);
    request.cut = datagram->cut;
    struct caller caller = {listener->source.fd, &datagram->from.any};
    responder_answer(responder, listener->service, &request, caller, &answer);
    text_put(out, text_span(&answer));
    if (out->full) {
        out->full = false;
        text_put(out, SPAN("ERROR: answer longer than 512 bytes"));
        text_put(out, answer_line_end(&answer));
    }
    struct span peer = {(const char *)&datagram->from, datagram->from_len};
    return !may_echo(out, listener->service, responder) || echoes_note(echoes, peer);
}

struct one {
    struct datagram datagram;
    struct iovec request;
    struct iovec answer;
    _Alignas(struct cmsghdr) char control[CONTROL_ROOM];
    char answer_bytes[DATAGRAM_ANSWER_MAX];
};

/* Requests are apart, so that what they leave untouched does not spread the rest
 * over more pages than the processor keeps at hand. */
struct datagrams {
    int family;  /* that in is prepared for, */
    size_t used; /* but for as many at its beginning */
    struct mmsghdr in[DATAGRAM_BATCH];
    struct mmsghdr out[DATAGRAM_BATCH];
    struct one one[DATAGRAM_BATCH];
    struct echoes echoes;
    char request_bytes[DATAGRAM_BATCH][DATAGRAM_MAX];
};

struct datagrams *datagrams_new(void) {
    struct datagrams *d = malloc(sizeof(struct datagrams));
    if (d == NULL)
        return NULL;
    d->family = AF_UNSPEC;
    d->echoes = (struct echoes){0};
    return d;
}

void datagrams_free(struct datagrams *d) {
    free(d);
}

static void datagram_prepare(struct mmsghdr *in, struct one *one, char *bytes, int family) {
    one->request = (struct iovec){bytes, DATAGRAM_MAX};
    in->msg_hdr = (struct msghdr){
        .msg_name = &one->datagram.from,
        .msg_namelen = sizeof(one->datagram.from),
        .msg_iov = &one->request,
        .msg_iovlen = 1,
        .msg_control = one->control,
        .msg_controllen = sizeof(one->control),
    };
    /* With a Unix datagram descriptors could come, to stay open for ever. */
    if (family == AF_UNIX)
        in->msg_hdr.msg_controllen = 0;
}

/* Only what was used since it was prepared is prepared anew. */
static void datagram_prepare_all(struct datagrams *d, int family) {
    size_t count = family == d->family ? d->used : DATAGRAM_BATCH;
    for (size_t i = 0; i < count; i++)
        datagram_prepare(&d->in[i], &d->one[i], d->request_bytes[i], family);
    d->family = family;
    d->used = 0;
}

/* The control message that came with a request sends its answer off from the
 * address the request was sent to: its form is the same both ways, but for the
 * interface, which routing is to choose anew unless the address is link-local. */
static void datagram_turn_around(struct msghdr *message) {
    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c != NULL; c = CMSG_NXTHDR(message, c)) {
        void *data = CMSG_DATA(c);
        if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO)
            ((struct in_pktinfo *)data)->ipi_ifindex = 0;
        if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
            struct in6_pktinfo *info = data;
            if (!IN6_IS_ADDR_LINKLOCAL(&info->ipi6_addr))
                info->ipi6_ifindex = 0;
        }
    }
}

static void datagram_send_all(int fd, struct mmsghdr *out, unsigned count) {
    for (unsigned at = 0; at < count;) {
        int sent = sendmmsg(fd, out + at, count - at, MSG_DONTWAIT | MSG_NOSIGNAL);
        /* The first one cannot be sent: its client has gone, or does not read
         * as fast as it asks. It is lost, as datagrams may be. */
        at += sent > 0 ? (unsigned)sent : 1;
    }
}

/* True if there is an answer, and then in one->answer. */
static bool datagram_answer(struct datagrams *d, const struct mmsghdr *in, struct one *one,
                            const struct listener *listener, struct responder *responder) {
    struct text out = {.at = one->answer_bytes, .cap = sizeof(one->answer_bytes)};
    one->datagram.from_len = in->msg_hdr.msg_namelen;
    one->datagram.at = one->request.iov_base;
    one->datagram.len = in->msg_len;
    one->datagram.cut = (in->msg_hdr.msg_flags & MSG_TRUNC) != 0;
    bool wanted = datagram_reply(&one->datagram, listener, responder, &d->echoes, &out);
    one->answer = (struct iovec){out.at, out.len};
    return wanted;
}

int datagrams_serve(struct datagrams *d, const struct listener *listener,
                    struct responder *responder) {
    unsigned answers = 0;
    datagram_prepare_all(d, listener->family);
    int got = recvmmsg(listener->source.fd, d->in, DATAGRAM_BATCH, MSG_DONTWAIT, NULL);
    if (got <= 0)
        return 0;
    d->used = (size_t)got;
    book_reload_if_changed(responder);
    for (int i = 0; i < got; i++) {
        struct one *one = &d->one[i];
        if (!datagram_answer(d, &d->in[i], one, listener, responder))
            continue;
        datagram_turn_around(&d->in[i].msg_hdr);
        d->out[answers] = d->in[i];
        d->out[answers].msg_hdr.msg_iov = &one->answer;
        d->out[answers++].msg_hdr.msg_flags = 0;
    }
    datagram_send_all(listener->source.fd, d->out, answers);
    return got;
}
