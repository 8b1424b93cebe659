/* What the programs share: reading options, and exiting with a message. */
#ifndef LOOKUP_CLI_H
#define LOOKUP_CLI_H

#include "compile/compile.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>

/* Exit statuses, sysexits(3). */
enum {
    STATUS_USAGE = 64,
    STATUS_DATA = 65,
    STATUS_NO_INPUT = 66,
    STATUS_SYSTEM = 71,
    STATUS_CANNOT_CREATE = 73,
    STATUS_IO = 74,
    STATUS_TEMPORARY = 75,
    STATUS_DENIED = 77,
    STATUS_CONFIG = 78,
};

/* Logs the message and exits with status. */
_Noreturn void die(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Call this after log_open, before a file is opened. If a standard descriptor is closed, open(2)
 * would give its number to the next file, and messages would be written into that. This occupies
 * the number; reads and writes still fail with EBADF. */
void cli_occupy_standard(void);

/* Returns the exit status for the outcome of a compilation. */
int cli_status(enum outcome outcome);

/* Like getopt_long(3), but silent. Returns ':' also for an empty value, because no
 * option of any program accepts one. letters starts with ':'. */
int cli_option(int argc, char **argv, const char *letters, const struct option *options,
               int *which);

/* Returns a message about the option for which cli_option returned answer, '?' or ':'. */
const char *cli_option_fault(int answer, char **argv);

/* Parses text as a number: digits without sign, blanks or suffix, optionally a point
 * and at most decimals more digits. Returns the number times 10 to the power of
 * decimals, or -1 if text is malformed or the result exceeds max, which is below
 * INT64_MAX / 10. */
int64_t cli_number(const char *text, int decimals, int64_t max);

/* Parses SECONDS, such as 5 or 0.25. Returns milliseconds, or -1 unless the value is
 * 0.001 to 86400. */
int64_t cli_milliseconds(const char *text);

/* True if text can be a port: a number from 1 to 65535, or a possible name in
 * services(5) (RFC 6335, section 5.1). */
bool cli_is_port(const char *text);

/* Prints to standard output and exits with 0, or dies if it cannot be written. */
_Noreturn void cli_print_and_exit(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
