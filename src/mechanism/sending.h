/* What one connection of many sends: the answers of the batch, and what of them
 * its client does not take at once. Never blocks. */
#ifndef LOOKUP_SENDING_H
#define LOOKUP_SENDING_H

#include "mechanism/connection.h"

/* Sends the batch and empties it; what does not go is kept in the connection.
 * WANT_INPUT: all has gone; WANT_OUTPUT: some is left; WANT_CLOSE: the client is
 * gone, or there is no memory for what is left. */
enum want sending_flush(struct connection *c, struct hall *hall);

/* Sends more of what was kept; the same results. */
enum want sending_resume(struct connection *c, struct hall *hall);

/* Gives up what was kept. */
void sending_drop(struct connection *c, struct hall *hall);

/* Sends the batch as the last answers. WANT_DRAIN: all has gone, and the
 * half-close after it; else as above. */
enum want sending_conclude(struct connection *c, struct hall *hall);

/* Everything was sent, nothing more will be. WANT_DRAIN, or WANT_CLOSE if the
 * client has ended its side as well or is gone. */
enum want sending_half_close(struct connection *c);

#endif
