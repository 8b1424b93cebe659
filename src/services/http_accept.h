/* Which of the forms that an answer can have a client prefers (RFC 9110, section
 * 12.5.1). */
#ifndef LOOKUP_HTTP_ACCEPT_H
#define LOOKUP_HTTP_ACCEPT_H

#include "data/bytes.h"

enum media { MEDIA_TEXT, MEDIA_HTML, MEDIA_JSON, MEDIA_COUNT };

/* All zero: the client has said nothing. */
struct http_accept {
    struct {
        int range;  /* 1 for what all types are in, 2 for type/ and a star, 3 for the type itself */
        int weight; /* its q in thousandths */
    } of[MEDIA_COUNT];
    bool is_given;  /* there was such a field, with something in it */
    bool by_person; /* somebody wants to see pictures, or to read a language */
};

/* Adds the value of one Accept field. A range that is malformed, or that no form of
 * ours is in, is passed over; so are parameters other than q. */
void http_accept_add(struct span value, struct http_accept *accept);

/* Adds the value of Accept-Language (section 12.5.4). Who reads a language is a person: several
 * browsers, old ones and those of terminals, say no more in Accept than curl does. */
void http_accept_add_language(struct span value, struct http_accept *accept);

/* The form with the highest q. Of equal ones it is one that is named itself, HTML
 * before JSON before text; else HTML for a person and text for a program. Text also where nothing
 * of ours is acceptable, which is better than no answer. */
enum media http_accept_best(const struct http_accept *accept);

/* As Content-Type has it. */
struct span media_type(enum media media);

#endif
