/* An exchange with one client: receives a request from one descriptor and sends the
 * answer to another (for a socket, both are the same connection). Works with
 * connected stream sockets, pipes, files and terminals, blocking or not. Never changes
 * the flags of a descriptor, because other processes may share it. */
#ifndef LOOKUP_EXCHANGE_H
#define LOOKUP_EXCHANGE_H

#include "net/deadline.h"
#include "services/service.h"

#include <errno.h>
#include <stdbool.h>

/* Limits for reading from a client after its answer was sent. */
enum {
    LINGER_MS = 1000,
    LINGER_BYTES = 4 * 1024 * 1024,
};

struct exchange {
    int in;
    int out;
    bool in_is_socket;
    bool out_is_socket;
    bool at_eof; /* the client has ended its side: nothing is left to read */
};

/* True if this error of a read or write only means: try again later. */
static inline bool exchange_must_wait(int error) {
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

/* Receives until the service finds the end of a request. Begins with bytes that are
 * already in request, left over from the previous one. Returns 1 if there is a
 * request, and request->ending says how it ended. Returns 0 if there is none, because
 * the client has gone or sent nothing before the deadline. Returns -1 and sets errno
 * if the descriptor cannot be read. */
int exchange_receive(struct exchange *x, const struct service *service, deadline until,
                     struct request *request);

/* Removes the answered request and keeps the bytes after it. Returns false if no
 * other request can follow on this connection. */
bool exchange_next(const struct exchange *x, struct request *request);

/* Sends the whole answer. Returns 1 if it was sent, 0 if the client has gone or does
 * not read, or -1 and sets errno if the fault is ours (such as a full disk). */
int exchange_send(const struct exchange *x, struct span answer, deadline until);

/* Ends a connection so that the answer arrives. Half-closes it, then reads until the
 * client closes, within the limits above. Closing with unread bytes would reset the
 * connection (RFC 1122, section 4.2.2.13), and the answer could be lost. Half-closing
 * is explicit because the superserver may keep a copy of the connection open. sink, of
 * size bytes, is a buffer for what is read. */
void exchange_finish(const struct exchange *x, char *sink, size_t size);

#endif
