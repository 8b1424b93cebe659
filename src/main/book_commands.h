/* The commands of lookup-book: what each takes, and what --help says of it. */
#ifndef LOOKUP_BOOK_COMMANDS_H
#define LOOKUP_BOOK_COMMANDS_H

#include "data/names.h"

enum command_bit { COMPILE = 1, LIST = 2, CHECK = 4, QUERY = 8, HELP = 16 };

/* Returns the command of that name. A usage error, if there is none, or if it does not take that
 * many operands. */
enum command_bit command_or_die(const char *name, int operands);

/* Writes the names of the commands in that set of bits to list: "compile and list". Returns list.
 */
const char *command_names(unsigned bits, char list[NAMES_MAX]);

/* Prints how to use the command of that name, or all of them ("") and exits 0. A usage error, if
 * there is none of that name. */
_Noreturn void command_help(const char *name);

#endif
