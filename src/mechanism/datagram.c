#include "mechanism/datagram.h"

#include "mechanism/echoes.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

/* Room for any datagram, so that the end of one too long is seen too. */
enum { REQUEST_ROOM = 65536, CONTROL_ROOM = 64 };

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    struct sockaddr_un un;
};

struct one {
    union address from;
    struct iovec request;
    struct iovec answer;
    _Alignas(struct cmsghdr) char control[CONTROL_ROOM];
    char request_bytes[REQUEST_ROOM];
    char answer_bytes[DATAGRAM_ANSWER_MAX];
};

struct datagrams {
    struct mmsghdr in[DATAGRAM_BATCH];
    struct mmsghdr out[DATAGRAM_BATCH];
    struct one one[DATAGRAM_BATCH];
    struct echoes echoes;
    char scratch[ANSWER_MAX];
};

struct datagrams *datagrams_new(void) {
    struct datagrams *d = malloc(sizeof(struct datagrams));
    if (d != NULL)
        echoes_clear(&d->echoes);
    return d;
}

void datagrams_free(struct datagrams *d) {
    free(d);
}

static void prepare(struct mmsghdr *in, struct one *one, int family) {
    one->request = (struct iovec){one->request_bytes, sizeof(one->request_bytes)};
    in->msg_hdr = (struct msghdr){
        .msg_name = &one->from,
        .msg_namelen = sizeof(one->from),
        .msg_iov = &one->request,
        .msg_iovlen = 1,
        .msg_control = one->control,
        .msg_controllen = sizeof(one->control),
    };
    /* With a Unix datagram descriptors could come, to stay open for ever. */
    if (family == AF_UNIX)
        in->msg_hdr.msg_controllen = 0;
}

static bool is_one_or_many(uint32_t v4) {
    return v4 >> 28 != 0xE && v4 != INADDR_BROADCAST && v4 != INADDR_ANY;
}

/* The address may be answered: a port of a client's, one receiver. */
static bool may_answer_to(const union address *from, socklen_t len, int own_port) {
    int port = 0;
    bool single = true;
    if (from->any.sa_family == AF_UNIX)
        return len > offsetof(struct sockaddr_un, sun_path);
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
static struct span line_end(const struct text *answer) {
    size_t len = answer->len;
    if (len == 0 || answer->at[len - 1] != '\n')
        return SPAN("");
    return len > 1 && answer->at[len - 2] == '\r' ? SPAN("\r\n") : SPAN("\n");
}

/* True if the answer would itself be answered with something that is no error:
 * between two services it could go back and forth for ever. */
static bool may_echo(const struct text *answer, const struct service *service,
                     const struct desk *desk) {
    char bytes[ANSWER_MAX];
    struct text out = {.at = bytes, .cap = sizeof(bytes)};
    struct request again = {.at = answer->at, .len = answer->len, .cap = answer->cap + 1};
    again.ending = service->frame(&again, 0) ? ENDING_WHOLE : ENDING_EOF;
    return desk_ask(desk, service, &again, &out) == RESULT_HIT;
}

/* Answers into one->answer_bytes. False: better no answer than this one. */
static bool answer(struct datagrams *d, struct one *one, const struct msghdr *in,
                   const struct listener *listener, struct desk *desk) {
    struct text scratch = {.at = d->scratch, .cap = sizeof(d->scratch)};
    struct text out = {.at = one->answer_bytes, .cap = sizeof(one->answer_bytes)};
    struct request request = {.at = one->request_bytes, .len = one->request.iov_len};
    request.cap = REQUEST_ROOM + 1; /* nothing follows that cutting made room for */
    request.cut = (in->msg_flags & MSG_TRUNC) != 0;
    bool whole = listener->service->frame(&request, 0);
    request.ending = whole ? ENDING_WHOLE : ENDING_EOF;
    struct caller caller = {listener->source.fd, &one->from.any};
    desk_answer(desk, listener->service, &request, caller, &scratch);
    text_put(&out, text_span(&scratch));
    if (out.full) {
        out.full = false;
        text_put(&out, SPAN("ERROR: answer longer than 512 bytes"));
        text_put(&out, line_end(&scratch));
    }
    one->answer = (struct iovec){one->answer_bytes, out.len};
    struct span peer = {(const char *)&one->from, in->msg_namelen};
    return !may_echo(&out, listener->service, desk) || echoes_note(&d->echoes, peer);
}

/* The control message that came with a request sends its answer off from the
 * address the request was sent to: its form is the same both ways, but for the
 * interface, which routing is to choose anew unless the address is link-local. */
static void turn_around(struct msghdr *message) {
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

static void send_all(int fd, struct mmsghdr *out, unsigned count) {
    for (unsigned at = 0; at < count;) {
        int sent = sendmmsg(fd, out + at, count - at, MSG_DONTWAIT | MSG_NOSIGNAL);
        /* The first one cannot be sent: its client has gone, or does not read
         * as fast as it asks. It is lost, as datagrams may be. */
        at += sent > 0 ? (unsigned)sent : 1;
    }
}

int datagrams_serve(struct datagrams *d, const struct listener *listener, struct desk *desk) {
    unsigned answers = 0;
    for (size_t i = 0; i < DATAGRAM_BATCH; i++)
        prepare(&d->in[i], &d->one[i], listener->family);
    int got = recvmmsg(listener->source.fd, d->in, DATAGRAM_BATCH, MSG_DONTWAIT, NULL);
    if (got > 0)
        desk_refresh(desk);
    for (int i = 0; i < got; i++) {
        struct one *one = &d->one[i];
        struct msghdr *in = &d->in[i].msg_hdr;
        one->request.iov_len = d->in[i].msg_len;
        struct span bytes = {one->request_bytes, d->in[i].msg_len};
        if (bytes.len == 0 || is_an_answer(bytes) ||
            !may_answer_to(&one->from, in->msg_namelen, listener->port))
            continue;
        if (!answer(d, one, in, listener, desk))
            continue;
        turn_around(in);
        d->out[answers] = d->in[i];
        d->out[answers].msg_hdr.msg_iov = &one->answer;
        d->out[answers++].msg_hdr.msg_flags = 0;
    }
    send_all(listener->source.fd, d->out, answers);
    return got > 0 ? got : 0;
}
