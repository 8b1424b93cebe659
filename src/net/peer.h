/* Who the client is, for the log only: nothing is ever decided by it. */
#ifndef LOOKUP_PEER_H
#define LOOKUP_PEER_H

#include <sys/socket.h>

enum { PEER_MAX = 64 };

/* Writes the client's address in the form it is known in: as the superserver
 * says (REMOTE_ADDR: systemd; TCPREMOTEIP: UCSPI; REMOTE_HOST: xinetd), else
 * as the connection fd says, else "unix" or "local". Long ones are cut. */
void peer_of(int fd, char name[PEER_MAX]);

/* The same of a connection that no superserver made. */
void peer_of_socket(int fd, char name[PEER_MAX]);

/* The same of an address. */
void peer_of_address(const struct sockaddr *address, char name[PEER_MAX]);

#endif
