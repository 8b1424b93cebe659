/* What an answer means, and how it is printed. */
#ifndef LOOKUP_CLIENT_ANSWER_H
#define LOOKUP_CLIENT_ANSWER_H

#include "main/lookup.h"

struct client_answer {
    struct span name;  /* as it was asked for, without a line end */
    struct span text;  /* all that came */
    const char *fault; /* NULL, or why not all came */
};

/* Prints it as client's options say and a fault to standard error. The exit status that it
 * stands for: unknown only if the protocol says so of this very name, whatever an office
 * is called. */
int answer_print(struct client *client, const struct client_answer *answer);

/* The first line of *rest, without its end. *rest is then what follows; its at is NULL, if that
 * was the last. */
struct span answer_next_line(struct span *rest);

/* A line NAME: OFFICE of a list cut in two, behind the first colon that has a space behind it:
 * the server writes no such colon in a name. False: it is none. */
bool answer_split_match(struct span line, struct span *name, struct span *office);

/* True for "and N more", the last line of a long list, and then *more is N; and for "and more",
 * and then *more is 0. */
bool answer_is_rest(struct span line, long *more);

/* Answer lists names that are like this one, a line each, rather than this one's
 * offices. Both look alike, NAME: OFFICE being a fine office, so the first NAME is asked
 * for: it must have that OFFICE. */
bool answer_is_list(struct client *client, struct span name, struct span text);

#endif
