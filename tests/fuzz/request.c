/* Fuzzes framing and answering: the first byte chooses the service and the
 * ending, the second how large the pieces are in which the rest arrives. */
#include "data/utf8.h"
#include "services/service.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

/* Frames data as it comes in pieces. Everything received lies at the end of an
 * allocation, so that a byte read too far is seen. */
static bool receive(const struct service *service, struct span data, size_t piece,
                    struct request *request) {
    for (size_t at = 0; at < data.len;) {
        size_t from = request->len;
        size_t room = request->cap - from;
        size_t got = data.len - at < piece ? data.len - at : piece;
        got = got < room ? got : room;
        memcpy(request->at + from, data.at + at, got);
        request->len += got;
        at += got;
        if (service->frame(request, from))
            return true;
        if (request->len == request->cap)
            abort(); /* there would be no room for the next piece */
    }
    return false;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size) {
    static const struct service *const services[] = {&lookup_service, &clock_service,
                                                     &hello_service};
    static char out[ANSWER_MAX];
    if (size < 3)
        return 0;
    const struct service *service = services[data[0] % 3];
    struct request request = {.cap = service->request_max};
    struct span rest = {(const char *)data + 2, size - 2};
    struct text answer = {.at = out, .cap = sizeof(out)};
    struct world world = {.now = {1700000000, 123456789}};
    request.at = malloc(request.cap);
    bool whole = receive(service, rest, 1 + data[1], &request);
    request.ending = whole ? ENDING_WHOLE : (enum ending)(ENDING_EOF + data[0] / 3 % 3);
    if (request.at == NULL || (whole && (request.whole == 0 || request.whole > request.len)))
        abort();
    enum result result = service->answer(&request, &world, &answer);
    if (answer.full || answer.len == 0 || result > RESULT_FAULT)
        abort();
    /* Whatever was sent, the lines of the answer are plain text. */
    for (size_t at = 0, end; at < answer.len; at = end + 1) {
        const char *lf = memchr(out + at, '\n', answer.len - at);
        end = lf == NULL ? answer.len : (size_t)(lf - out);
        size_t len = end - at;
        if (len > 0 && out[at + len - 1] == '\r')
            len--;
        if (!utf8_is_plain((struct span){out + at, len}))
            abort();
    }
    free(request.at);
    return 0;
}
