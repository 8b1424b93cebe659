/* Requests several names at a time, and prints the answers in the order of the names. */
#ifndef LOOKUP_CLIENT_NAMES_H
#define LOOKUP_CLIENT_NAMES_H

#include "main/lookup.h"

/* Requests each of names, which ends with NULL. Returns the highest exit status. */
int names_ask(struct client *client, char **names);

/* Requests each line of fd as it arrives, up to end of file or a line "-1". Returns the
 * highest exit status. Sets *error to the errno of a failed read, or to 0. */
int names_ask_lines(struct client *client, int fd, int *error);

#endif
