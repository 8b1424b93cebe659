#include "mechanism/reply.h"

#include <string.h>

static bool is_one_or_many(uint32_t v4) {
    return v4 >> 28 != 0xE && v4 != INADDR_BROADCAST && v4 != INADDR_ANY;
}

/* The address may be answered: a port of a client's, one receiver. */
static bool may_answer_to(const union address *from, socklen_t len, int own_port) {
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
static struct span line_end(const struct text *answer) {
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
                     const struct desk *desk) {
    char bytes[ANSWER_MAX];
    struct text out = {.at = bytes, .cap = sizeof(bytes)};
    if (is_an_answer(text_span(answer)))
        return false;
    struct request again = request_of(answer->at, answer->len, service);
    return desk_ask(desk, service, &again, &out) == RESULT_HIT;
}

bool reply(const struct datagram *datagram, const struct listener *listener, struct desk *desk,
           struct echoes *echoes, struct text *out) {
    char bytes[ANSWER_MAX];
    struct text answer = {.at = bytes, .cap = sizeof(bytes)};
    if (datagram->len == 0 || is_an_answer((struct span){datagram->at, datagram->len}) ||
        !may_answer_to(&datagram->from, datagram->from_len, listener->port))
        return false;
    struct request request = request_of(datagram->at, datagram->len, listener->service);
    request.cut = datagram->cut;
    struct caller caller = {listener->source.fd, &datagram->from.any};
    desk_answer(desk, listener->service, &request, caller, &answer);
    text_put(out, text_span(&answer));
    if (out->full) {
        out->full = false;
        text_put(out, SPAN("ERROR: answer longer than 512 bytes"));
        text_put(out, line_end(&answer));
    }
    struct span peer = {(const char *)&datagram->from, datagram->from_len};
    return !may_echo(out, listener->service, desk) || echoes_note(echoes, peer);
}
