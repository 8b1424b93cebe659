/* Fuzzes the answers to datagrams. The first bytes of an input are the sender: family, port,
 * address. */
#include "server/datagram.h"
#include "net/log.h"
#include "sample.h"

enum { OWN_PORT = 8084, FROM_SIZE = 1 + 2 + 16, ROUNDS = 100 };

_Noreturn static bool ignore_fault(const char *line) {
    (void)line;
    abort(); /* the book is valid */
}

static bool take_line(const char *line, const struct log_request *request) {
    must(utf8_is_plain(span_of(line)) && utf8_is_plain(request->asked));
    return true;
}

static void come_from(const unsigned char *data, struct datagram *datagram) {
    static const int families[] = {AF_INET, AF_INET6, AF_UNIX, AF_UNSPEC};
    static const socklen_t sizes[] = {sizeof(struct sockaddr_in), sizeof(struct sockaddr_in6), 12,
                                      0};
    union address *from = &datagram->from;
    *datagram = (struct datagram){.from_len = sizes[data[0] % 4]};
    from->any.sa_family = (sa_family_t)families[data[0] % 4];
    memcpy(&from->v4.sin_port, data + 1, 2); /* sin6_port is at the same offset */
    if (data[0] % 4 == 0)
        memcpy(&from->v4.sin_addr, data + 3, sizeof(from->v4.sin_addr));
    if (data[0] % 4 == 1)
        memcpy(&from->v6.sin6_addr, data + 3, sizeof(from->v6.sin6_addr));
    if (data[0] % 4 == 2)
        memcpy(from->un.sun_path, "/tmp/peer", 10);
}

/* A second implementation, by addresses only: senders that must never get a datagram. */
static bool is_forbidden(const struct datagram *datagram) {
    static const unsigned char none[16];
    const unsigned char *v6 = datagram->from.v6.sin6_addr.s6_addr;
    const unsigned char *v4 = (const unsigned char *)&datagram->from.v4.sin_addr;
    int port = ntohs(datagram->from.v4.sin_port);
    if (datagram->from_len < sizeof(struct sockaddr_in))
        return datagram->from_len == 0;
    if (datagram->from.any.sa_family == AF_INET6) {
        static const unsigned char mapped[12] = {[10] = 0xFF, [11] = 0xFF};
        if (v6[0] == 0xFF || memcmp(v6, none, sizeof(none)) == 0)
            return true;
        v4 = memcmp(v6, mapped, sizeof(mapped)) == 0 ? v6 + 12 : NULL;
    }
    return port < 1024 || port == OWN_PORT || (v4 != NULL && (v4[0] & 0xF0) == 0xE0) ||
           (v4 != NULL && memcmp(v4, "\xFF\xFF\xFF\xFF", 4) == 0) ||
           (v4 != NULL && memcmp(v4, none, 4) == 0);
}

/* Compares both with their headers. On a Unix socket, nobody can be flooded. */
static bool is_amplified(const struct datagram *datagram, size_t len) {
    bool v4 = datagram->from.any.sa_family == AF_INET ||
              IN6_IS_ADDR_V4MAPPED(&datagram->from.v6.sin6_addr);
    size_t headers = v4 ? 28 : 48;
    return datagram->from.any.sa_family != AF_UNIX && len + headers > 3 * (datagram->len + headers);
}

static void must_be_an_answer(struct span answer, struct span asked) {
    struct span rest;
    first_line(asked, &rest);
    asked.len -= rest.len;
    must(answer.len > 0 && answer.len <= DATAGRAM_ANSWER_MAX);
    must(!span_starts(asked, SPAN("UNKNOWN ")) && !span_starts(asked, SPAN("ERROR: ")));
    must(!span_starts(answer, SPAN("ERROR: request")) &&
         !span_starts(answer, SPAN("ERROR: empty")));
    must(span_equal(ending_of(answer), ending_of(asked)));
    must_be_plain_lines(answer);
}

/* Sends it, and sends each answer back to the service, as if another such service had sent it. */
static void to_and_fro(struct datagram *datagram, const struct listener *listener,
                       struct responder *responder) {
    struct rate_limit *limit = rate_limit_new(RATE_DEFAULT);
    must(limit != NULL);
    for (int rounds = 0;; rounds++) {
        char bytes[DATAGRAM_ANSWER_MAX];
        struct text out = {.at = bytes, .cap = sizeof(bytes)};
        must(rounds < ROUNDS);
        if (!datagram_reply(datagram, listener, responder, &out))
            break;
        must(!is_forbidden(datagram) && !is_amplified(datagram, out.len));
        must_be_an_answer(text_span(&out), (struct span){datagram->at, datagram->len});
        if (!rate_limit_take(limit, &datagram->from.any, datagram->from_len))
            break;
        memcpy(datagram->at, out.at, out.len);
        datagram->len = out.len;
        datagram->cut = false;
    }
    rate_limit_free(limit);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size) {
    static const struct log_sink sink = {ignore_fault, take_line};
    static const struct listener listener = {.source = {SOURCE_DATAGRAM, -1},
                                             .service = &lookup_service,
                                             .family = AF_INET,
                                             .port = OWN_PORT};
    static struct stats stats;
    struct responder responder = {.verbose = true, .stats = &stats, .has_book = true};
    struct datagram datagram;
    if (size < FROM_SIZE)
        return 0;
    come_from(data, &datagram);
    datagram.cut = data[0] >= 128;
    datagram.len = size - FROM_SIZE;
    /* Memory of its own, so that reading one byte too far is detected. */
    datagram.at = malloc(datagram.len > DATAGRAM_ANSWER_MAX ? datagram.len : DATAGRAM_ANSWER_MAX);
    must(datagram.at != NULL);
    memcpy(datagram.at, data + FROM_SIZE, datagram.len);
    responder.book = *sample_book();
    log_use(&sink);
    to_and_fro(&datagram, &listener, &responder);
    free(datagram.at);
    return 0;
}
