/* Asks on a terminal. */
#ifndef LOOKUP_CLIENT_PROMPT_H
#define LOOKUP_CLIENT_PROMPT_H

#include "main/lookup.h"

/* Prompts for names and prints their answers, until a -1 or the end of input. The worst exit
 * status. Sets *error, to 0 unless reading failed. */
int prompt_run(struct client *client, int *error);

#endif
