/* What the mains share: how they read options and how they die. */
#ifndef LOOKUP_CLI_H
#define LOOKUP_CLI_H

#include <stdbool.h>
#include <stdint.h>

/* Exit statuses, sysexits(3). */
enum {
    STATUS_USAGE = 64,
    STATUS_DATA = 65,
    STATUS_NO_INPUT = 66,
    STATUS_SYSTEM = 71,
    STATUS_CANNOT_CREATE = 73,
    STATUS_CONFIG = 78,
};

/* Logs the line and exits with status. */
_Noreturn void die(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What is wrong with an option that getopt_long(3) refused; its answer was '?'
 * or ':'. */
const char *cli_option_fault(int answer, char **argv);

/* SECONDS as an option gives them, such as 5 or 0.25, in milliseconds; -1
 * unless they are 0.001 to 86400. */
int64_t cli_milliseconds(const char *text);

/* Prints to standard output and exits 0, or dies if it cannot be written. */
_Noreturn void cli_print_and_exit(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
