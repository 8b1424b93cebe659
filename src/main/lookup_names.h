/* Asks for names, several at a time, and prints the answers in the names' order. */
#ifndef LOOKUP_CLIENT_NAMES_H
#define LOOKUP_CLIENT_NAMES_H

#include "main/lookup.h"

/* Each of these up to a NULL. The worst exit status. */
int names_ask(struct client *client, char **names);

/* Each line that comes from fd, as it comes, up to its end or a line of -1. Sets *error, to 0
 * unless reading failed. */
int names_ask_lines(struct client *client, int fd, int *error);

#endif
