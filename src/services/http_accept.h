/* Chooses the media type of an answer by the client's Accept fields (RFC 9110,
 * section 12.5.1). */
#ifndef LOOKUP_HTTP_ACCEPT_H
#define LOOKUP_HTTP_ACCEPT_H

#include "data/bytes.h"

enum media { MEDIA_TEXT, MEDIA_HTML, MEDIA_JSON, MEDIA_COUNT };

/* All zero: the client sent no Accept field. */
struct http_accept {
    struct {
        int range;  /* specificity: 1 for any type, 2 for type/ and a star, 3 for the type itself */
        int weight; /* q in thousandths */
    } of[MEDIA_COUNT];
    bool is_given;  /* there was such a field, with something in it */
    bool by_person; /* Accept has an image type, or Accept-Language a language */
};

/* Adds the value of one Accept field. Ignores malformed ranges, ranges without a
 * type of ours, and parameters other than q. */
void http_accept_add(struct span value, struct http_accept *accept);

/* Adds the value of Accept-Language (section 12.5.4). A client that wants a language is used by a
 * person: in Accept, old browsers and those of terminals say no more than curl does. */
void http_accept_add_language(struct span value, struct http_accept *accept);

/* Returns the type with the highest q. Among equals, a type named explicitly wins:
 * HTML before JSON before text; otherwise HTML for a person, and text for a program.
 * Also returns text if no type is acceptable, which is better than no answer. */
enum media http_accept_best(const struct http_accept *accept);

/* Returns the value for Content-Type. */
struct span media_type(enum media media);

#endif
