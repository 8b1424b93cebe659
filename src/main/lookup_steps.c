#include "main/lookup_steps.h"

#include "net/peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <time.h>

/* Ends the line and flushes, so that the output keeps pace with the events. */
static void steps_end_line(void) {
    putchar('\n');
    fflush(stdout);
}

static double steps_milliseconds(const struct client *client) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - client->begun.tv_sec) * 1e3 +
           (double)(now.tv_nsec - client->begun.tv_nsec) / 1e6;
}

static void steps_put_address(const struct client *client, const struct sockaddr *address) {
    char name[PEER_MAX];
    const void *at = address;
    in_port_t port = 0;
    peer_of_address(address, name);
    if (address->sa_family == AF_INET)
        port = ((const struct sockaddr_in *)at)->sin_port;
    else if (address->sa_family == AF_INET6)
        port = ((const struct sockaddr_in6 *)at)->sin6_port;
    if (port != 0)
        printf(" (%s port %d, %.3f ms)", name, ntohs(port), steps_milliseconds(client));
    else
        printf(" (%s, %.3f ms)", client->servers.path, steps_milliseconds(client));
}

static void steps_connected(const struct ask_steps *steps, const struct sockaddr *address) {
    const struct client *client = steps->context;
    fputs("Connected to server", stdout);
    if (client->verbose > 1)
        steps_put_address(client, address);
    steps_end_line();
}

static void steps_sending(const struct ask_steps *steps) {
    (void)steps;
    fputs("Sending data", stdout);
    steps_end_line();
}

struct ask_steps steps_begin(struct client *client) {
    if (client->verbose == 0)
        return (struct ask_steps){NULL, NULL, NULL};
    clock_gettime(CLOCK_MONOTONIC, &client->begun);
    fputs("Starting Client", stdout);
    steps_end_line();
    return (struct ask_steps){steps_connected, steps_sending, client};
}

void steps_end(const struct client *client) {
    fputs("Closing socket", stdout);
    if (client->verbose > 1)
        printf(" (%.3f ms)", steps_milliseconds(client));
    steps_end_line();
}
