/* The running commentary of -v and -vv. */
#ifndef LOOKUP_CLIENT_STEPS_H
#define LOOKUP_CLIENT_STEPS_H

#include "main/lookup.h"
#include "net/ask.h"

/* Announces an exchange. Returns the callbacks for ask_begin; they print nothing
 * without -v. */
struct ask_steps steps_begin(struct client *client);

/* Announces the end of the exchange. */
void steps_end(const struct client *client);

#endif
