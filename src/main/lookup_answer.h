/* Interprets answers and prints them. */
#ifndef LOOKUP_CLIENT_ANSWER_H
#define LOOKUP_CLIENT_ANSWER_H

#include "main/lookup.h"

struct client_answer {
    struct span name;  /* as requested, without a line end */
    struct span text;  /* all bytes that arrived */
    const char *fault; /* why the answer is incomplete; NULL: it is complete */
};

/* Prints the answer as client's options say, and a fault to standard error. Returns its
 * exit status: CLIENT_UNKNOWN only if the protocol says so about this very name, so
 * that no office can look like it. */
int answer_print(struct client *client, const struct client_answer *answer);

/* Takes the first line off *rest and returns it without its end. After the last line rest->at is
 * NULL. */
struct span answer_next_line(struct span *rest);

/* Splits a line NAME: OFFICE of a list behind the first colon that is followed by a space: a
 * server writes no such colon in a name. Returns false if there is none. */
bool answer_split_match(struct span line, struct span *name, struct span *office);

/* Returns N of a line "and N more", the last of a long list; -1 for "and more", where the
 * server does not know how many; 0: it is neither. */
long answer_more(struct span line);

/* True if text lists similar names, a line each, and not the offices of this name. Both
 * look alike, because "NAME: OFFICE" may be an office. So this asks for the first NAME:
 * it must have that OFFICE. */
bool answer_is_list(struct client *client, struct span name, struct span text);

#endif
