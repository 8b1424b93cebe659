/* Postal addresses of a directory, RFC 4517, section 3.3.28. */
#ifndef LOOKUP_POSTAL_H
#define LOOKUP_POSTAL_H

#include "data/bytes.h"

/* Returns true if the values of an attribute of that type are postal addresses:
 * postalAddress, registeredAddress (RFC 4519) and homePostalAddress (RFC 4524). */
bool postal_is(struct span type);

/* Writes the address s to out, with a LF for each $ and without its escapes, and
 * returns the result. out has room for s.len bytes; it may be s.at or before it,
 * because the result is never longer. */
struct span postal_decode(struct span s, char *out);

#endif
