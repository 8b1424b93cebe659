/* The dialogue on a terminal. */
#ifndef LOOKUP_CLIENT_PROMPT_H
#define LOOKUP_CLIENT_PROMPT_H

#include "main/lookup.h"

/* Prompts for names and prints their answers, until "-1" or end of file. Returns the
 * highest exit status. Sets *error to the errno of a failed read, or to 0. */
int prompt_run(struct client *client, int *error);

#endif
