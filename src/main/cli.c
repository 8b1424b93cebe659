#include "main/cli.h"

#include "net/log.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void die(int status, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    log_vfault(format, arguments);
    va_end(arguments);
    exit(status);
}

void cli_occupy_standard(void) {
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_PATH) != fd)
            die(STATUS_SYSTEM, "descriptor %d is closed, /dev/null: %s", fd, strerror(errno));
}

int cli_status(enum outcome outcome) {
    switch (outcome) {
    case OUTCOME_DONE: return 0;
    case OUTCOME_MISUSED: return STATUS_USAGE;
    case OUTCOME_BAD_DATA: return STATUS_DATA;
    case OUTCOME_NO_INPUT: return STATUS_NO_INPUT;
    case OUTCOME_NOT_MADE: return STATUS_CANNOT_CREATE;
    case OUTCOME_NOT_WRITTEN: return STATUS_IO;
    case OUTCOME_TRY_AGAIN: return STATUS_TEMPORARY;
    case OUTCOME_DENIED: return STATUS_DENIED;
    case OUTCOME_MISCONFIGURED: return STATUS_CONFIG;
    default: return STATUS_SYSTEM;
    }
}

int cli_option(int argc, char **argv, const char *letters, const struct option *options,
               int *which) {
    opterr = 0;
    int option = getopt_long(argc, argv, letters, options, which);
    if (option == -1 || option == '?' || option == ':' || optarg == NULL || *optarg != '\0')
        return option;
    optopt = option;
    return ':';
}

const char *cli_option_fault(int answer, char **argv) {
    static char what[128];
    const char *why = answer == ':' ? "option needs a value" : "no such option";
    const char *word = argv[optind - 1];
    if (*word == '\0' && optind > 1)
        word = argv[optind - 2]; /* the value was empty and a word of its own */
    /* getopt_long has advanced past a long option, but not past a short one's letter. */
    if (optopt > 0 && optopt < 256 && word[0] == '-' && word[1] != '-')
        snprintf(what, sizeof(what), "%s: -%c; see --help", why, optopt);
    else
        snprintf(what, sizeof(what), "%s: %.80s; see --help", why, word);
    return what;
}

int64_t cli_number(const char *text, int decimals, int64_t max) {
    int64_t value = 0;
    bool digits = false;
    int left = -1; /* decimals still allowed; -1 before the point */
    for (; *text != '\0'; text++) {
        if (*text == '.' && left < 0 && decimals > 0) {
            left = decimals;
            continue;
        }
        if (*text < '0' || *text > '9' || left == 0)
            return -1;
        digits = true;
        left -= left > 0;
        value = value * 10 + (*text - '0');
        if (value > max)
            return -1;
    }
    for (int missing = left < 0 ? decimals : left; missing > 0 && value <= max; missing--)
        value *= 10;
    return digits && value <= max ? value : -1;
}

int64_t cli_milliseconds(const char *text) {
    int64_t value = cli_number(text, 3, INT64_C(86400) * 1000);
    return value > 0 ? value : -1;
}

bool cli_is_port(const char *text) {
    size_t name = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-");
    bool number = text[strspn(text, "0123456789")] == '\0';
    return number ? cli_number(text, 0, 65535) > 0 : text[name] == '\0' && text[0] != '-';
}

void cli_print_and_exit(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int printed = vprintf(format, arguments);
    va_end(arguments);
    if (printed < 0 || fflush(stdout) == EOF)
        die(STATUS_SYSTEM, "standard output: %s", strerror(errno));
    exit(0);
}
