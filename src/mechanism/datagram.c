#include "mechanism/datagram.h"

#include "mechanism/reply.h"

#include <stdlib.h>

enum { CONTROL_ROOM = 64 };

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
    echoes_clear(&d->echoes);
    return d;
}

void datagrams_free(struct datagrams *d) {
    free(d);
}

static void prepare(struct mmsghdr *in, struct one *one, char *bytes, int family) {
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
static void prepare_all(struct datagrams *d, int family) {
    size_t count = family == d->family ? d->used : DATAGRAM_BATCH;
    for (size_t i = 0; i < count; i++)
        prepare(&d->in[i], &d->one[i], d->request_bytes[i], family);
    d->family = family;
    d->used = 0;
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

/* True if there is an answer, and then in one->answer. */
static bool answer(struct datagrams *d, const struct mmsghdr *in, struct one *one,
                   const struct listener *listener, struct desk *desk) {
    struct text out = {.at = one->answer_bytes, .cap = sizeof(one->answer_bytes)};
    one->datagram.from_len = in->msg_hdr.msg_namelen;
    one->datagram.at = one->request.iov_base;
    one->datagram.len = in->msg_len;
    one->datagram.cut = (in->msg_hdr.msg_flags & MSG_TRUNC) != 0;
    bool wanted = reply(&one->datagram, listener, desk, &d->echoes, &out);
    one->answer = (struct iovec){out.at, out.len};
    return wanted;
}

int datagrams_serve(struct datagrams *d, const struct listener *listener, struct desk *desk) {
    unsigned answers = 0;
    prepare_all(d, listener->family);
    int got = recvmmsg(listener->source.fd, d->in, DATAGRAM_BATCH, MSG_DONTWAIT, NULL);
    if (got <= 0)
        return 0;
    d->used = (size_t)got;
    desk_refresh(desk);
    for (int i = 0; i < got; i++) {
        struct one *one = &d->one[i];
        if (!answer(d, &d->in[i], one, listener, desk))
            continue;
        turn_around(&d->in[i].msg_hdr);
        d->out[answers] = d->in[i];
        d->out[answers].msg_hdr.msg_iov = &one->answer;
        d->out[answers++].msg_hdr.msg_flags = 0;
    }
    send_all(listener->source.fd, d->out, answers);
    return got;
}
