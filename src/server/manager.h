/* Sends datagrams to the sockets of the service manager and the journal. They are connected
 * before the process enters its sandbox. The sandbox can then forbid both new sockets and
 * sending to an address. */
#ifndef LOOKUP_MANAGER_H
#define LOOKUP_MANAGER_H

#include "data/bytes.h"

/* Returns a datagram socket connected to path, or -1 with errno. path is absolute, or begins
 * with @ for an abstract name (unix(7)). Any other path, or a path that is too long, is EINVAL. */
int manager_connect(const char *path);

/* Sends message without waiting. Returns 0, or -1 with errno if nothing was sent. */
int manager_send(int fd, struct span message);

#endif
