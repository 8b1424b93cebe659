/* What lookup-book says of its commands. */
#ifndef LOOKUP_BOOK_USAGE_H
#define LOOKUP_BOOK_USAGE_H

/* Prints how to use that command, or all of them ("") and exits 0. A usage error, if there is
 * none of that name. */
_Noreturn void book_usage(const char *command);

#endif
