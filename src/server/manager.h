/* Datagrams to the system's own sockets, the service manager's and the journal's. They are
 * connected before the process is confined: then it needs no call to make a socket, nor
 * one that says whom to send to. */
#ifndef LOOKUP_MANAGER_H
#define LOOKUP_MANAGER_H

#include "data/bytes.h"

/* A socket connected to path, an abstract name with @ (unix(7)). -1 errno. */
int manager_connect(const char *path);

/* 0; -1 errno: it was not taken, all of it. Never waits. */
int manager_send(int fd, struct span message);

#endif
