/* One client, one exchange: a request received from one descriptor, its answer
 * sent to another (the same connection, for a socket). It works on connected
 * stream sockets, pipes, files and terminals, blocking or not, and never
 * changes a descriptor's flags: others may share it. */
#ifndef LOOKUP_EXCHANGE_H
#define LOOKUP_EXCHANGE_H

#include "net/deadline.h"
#include "services/service.h"

#include <errno.h>
#include <stdbool.h>

/* How long, and for how much, an answered client's connection is read on. */
enum {
    LINGER_MS = 1000,
    LINGER_BYTES = 4 * 1024 * 1024,
};

struct exchange {
    int in;
    int out;
    bool in_is_socket;
    bool out_is_socket;
    bool at_eof; /* the client has ended its side: there is nothing to drain */
};

/* True if errno after a read or write says only that it is to be tried again later. */
static inline bool exchange_must_wait(int error) {
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

/* Receives up to the end of one request, as service frames it. Bytes already
 * in request, left over from the one before, are looked at first.
 * 1 a request is there, and request->ending says why it ended; 0 there is
 * none, the client having gone or stayed silent up to the deadline; -1 errno:
 * the descriptor cannot be read at all. */
int exchange_receive(struct exchange *x, const struct service *service, deadline until,
                     struct request *request);

/* Drops the request that was answered and keeps the bytes behind it. False:
 * no further one can follow on this connection. */
bool exchange_next(const struct exchange *x, struct request *request);

/* Sends the answer whole. 1 sent, 0 the client has gone or does not read, -1
 * errno: the fault is on our side (a full disk, say). */
int exchange_send(const struct exchange *x, struct span answer, deadline until);

/* Ends a connection so that the answer arrives: half-closes, then reads on
 * until the client closes, within the limits above, since closing with bytes
 * unread would reset the connection (RFC 1122, section 4.2.2.13) and the
 * answer could be lost. The half-close is explicit because the superserver may
 * hold a copy of the connection open. What is read goes to sink, of size bytes. */
void exchange_finish(const struct exchange *x, char *sink, size_t size);

#endif
