/* Many names on one connection, if the server answers more than one.
 *
 * An answer may have several lines, and nothing says which is its last. So behind each name
 * a mark is asked for, a random name that nobody has: the answer that it is unknown ends
 * the one before. */
#ifndef LOOKUP_CLIENT_SESSION_H
#define LOOKUP_CLIENT_SESSION_H

#include "main/lookup.h"

enum { SESSION_MARK_MAX = 64 };

struct session {
    char mark[SESSION_MARK_MAX]; /* the request, a line */
    char end[SESSION_MARK_MAX];  /* its answer, a line */
};

/* Makes the marks and asks a server for one twice on one connection. False: only the first
 * was answered, or none. */
bool session_is_offered(struct client *client, struct session *session);

/* The answer at the beginning of *rest, which is then what follows its mark. False: it is
 * not all there. */
bool session_next_answer(const struct session *session, struct span *rest, struct span *answer);

#endif
