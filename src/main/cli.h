/* What the mains share: how they read options and how they die. */
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

/* Logs the line and exits with status. */
_Noreturn void die(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The exit status for what became of a compilation. */
int cli_status(enum outcome outcome);

/* getopt_long(3), silent, and with ':' also for a value that is empty: no option
 * of any program has a use for one. letters starts with ':'. */
int cli_option(int argc, char **argv, const char *letters, const struct option *options,
               int *which);

/* What is wrong with an option that cli_option refused; its answer was '?' or ':'. */
const char *cli_option_fault(int answer, char **argv);

/* The number that all of text is: digits, no sign, blank or suffix, with at most this many
 * decimals behind a point; times 10 to the power of decimals. -1 if it is none, or is
 * more than max, which is below INT64_MAX / 10. */
int64_t cli_number(const char *text, int decimals, int64_t max);

/* SECONDS as an option gives them, such as 5 or 0.25, in milliseconds; -1
 * unless they are 0.001 to 86400. */
int64_t cli_milliseconds(const char *text);

/* True if text can be a port: a number from 1 to 65535, or what services(5) may call one
 * (RFC 6335, section 5.1). */
bool cli_is_port(const char *text);

/* Prints to standard output and exits 0, or dies if it cannot be written. */
_Noreturn void cli_print_and_exit(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
