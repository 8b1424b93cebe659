/* Postal addresses of a directory, RFC 4517, section 3.3.28. */
#ifndef LOOKUP_POSTAL_H
#define LOOKUP_POSTAL_H

#include "data/bytes.h"

/* True if the values of an attribute of that type are such: postalAddress,
 * homePostalAddress, registeredAddress (RFC 4519, RFC 4524). */
bool postal_is(struct span type);

/* The address in s with line ends where s has a $, and without its escapes; in out,
 * which may be where s is, or before it: it becomes no longer. */
struct span postal_decode(struct span s, char *out);

#endif
