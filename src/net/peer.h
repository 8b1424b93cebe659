/* The client's address, only for the log. No decision depends on it. */
#ifndef LOOKUP_PEER_H
#define LOOKUP_PEER_H

#include <sys/socket.h>

enum { PEER_MAX = 64 };

/* Writes the client's address to name. It is the one that the superserver passes
 * (REMOTE_ADDR: systemd; TCPREMOTEIP: UCSPI; REMOTE_HOST: xinetd), if it looks like one, or else
 * that of the connection fd, or else "unix" or "local". Long ones are cut. */
void peer_of(int fd, char name[PEER_MAX]);

/* The same for a connection that this process accepted. */
void peer_of_socket(int fd, char name[PEER_MAX]);

/* The same for an address. An IPv4-mapped one (RFC 4291, section 2.5.5.2) is written as IPv4. */
void peer_of_address(const struct sockaddr *address, char name[PEER_MAX]);

#endif
