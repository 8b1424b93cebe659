#include "main/cli.h"

#include "mechanism/log.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void die(int status, const char *format, ...) {
    char line[LOG_LINE_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    log_fault("%s", line);
    exit(status);
}

void die_of_option(int answer, char **argv) {
    const char *why = answer == ':' ? "option needs a value" : "no such option";
    /* getopt_long has moved past a long option, but leaves a short one's letter. */
    if (optopt > 0 && optopt < 256)
        die(STATUS_USAGE, "%s: -%c; see --help", why, optopt);
    die(STATUS_USAGE, "%s: %s; see --help", why, argv[optind - 1]);
}

int64_t cli_milliseconds(const char *option, const char *text) {
    static const int64_t max = INT64_C(86400) * 1000;
    int64_t value = 0;
    int64_t unit = 1000; /* what the next digit is worth; /10 after the point */
    bool point = false;
    bool digits = false;
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '.' && !point) {
            point = true;
        } else if (*at < '0' || *at > '9' || (point && unit < 10) || value > max) {
            digits = false;
            break;
        } else {
            digits = true;
            unit = point ? unit / 10 : unit;
            value = point ? value + (*at - '0') * unit : value * 10 + (*at - '0') * unit;
        }
    }
    if (!digits || value < 1 || value > max)
        die(STATUS_USAGE, "%s takes seconds from 0.001 to 86400, not \"%s\"", option, text);
    return value;
}

void cli_print_and_exit(const char *text) {
    if (fputs(text, stdout) == EOF || fflush(stdout) == EOF)
        die(STATUS_SYSTEM, "standard output: %s", strerror(errno));
    exit(0);
}
