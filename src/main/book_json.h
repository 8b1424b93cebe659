/* lookup-book query --json. */
#ifndef LOOKUP_BOOK_JSON_H
#define LOOKUP_BOOK_JSON_H

#include "services/service.h"

/* Prints the answer to name in the form that the client's --json has, whatever the name's length.
 * is_list: the answer, which is RESULT_HIT, lists several names. Ends the program if there is no
 * memory. */
void book_json_print(const char *name, enum result result, bool is_list, struct span answer);

#endif
