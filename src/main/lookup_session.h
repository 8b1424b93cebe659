/* Requests many names on one connection, if the server supports sessions.
 *
 * An answer may have several lines, and nothing marks the last one. So each name is
 * followed by a request for a mark, a random name that nobody has: the answer that the
 * mark is unknown ends the answer before it. */
#ifndef LOOKUP_CLIENT_SESSION_H
#define LOOKUP_CLIENT_SESSION_H

#include "main/lookup.h"

enum { SESSION_MARK_MAX = 64 };

struct name_session {
    char mark[SESSION_MARK_MAX]; /* the mark's request, a line */
    char end[SESSION_MARK_MAX];  /* the mark's answer, a line */
};

/* Creates the mark and requests it twice on one connection. Returns false unless both
 * requests are answered. */
bool name_session_is_offered(struct client *client, struct name_session *session);

/* Takes the first answer off *rest, with the mark's answer after it. Returns false if
 * it is not complete yet. */
bool name_session_next_answer(const struct name_session *session, struct span *rest,
                              struct span *answer);

#endif
