/* The running commentary of -v and -vv. */
#ifndef LOOKUP_CLIENT_STEPS_H
#define LOOKUP_CLIENT_STEPS_H

#include "main/lookup.h"
#include "net/ask.h"

/* Says that an exchange begins. What ask_begin is to be given; silent without -v. */
struct ask_steps steps_begin(struct client *client);

/* Says that it has ended. */
void steps_end(const struct client *client);

#endif
