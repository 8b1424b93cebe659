#include "main/cli.h"

#include "net/log.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void die(int status, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    log_vfault(format, arguments);
    va_end(arguments);
    exit(status);
}

const char *cli_option_fault(int answer, char **argv) {
    static char what[128];
    const char *why = answer == ':' ? "option needs a value" : "no such option";
    /* getopt_long has moved past a long option, but leaves a short one's letter. */
    if (optopt > 0 && optopt < 256 && argv[optind - 1][1] != '-')
        snprintf(what, sizeof(what), "%s: -%c; see --help", why, optopt);
    else
        snprintf(what, sizeof(what), "%s: %.80s; see --help", why, argv[optind - 1]);
    return what;
}

int64_t cli_milliseconds(const char *text) {
    static const int64_t max = INT64_C(86400) * 1000;
    int64_t value = 0;
    int64_t unit = 1000; /* what the next digit is worth, in milliseconds */
    bool point = false;
    const char *at = text;
    for (; *at != '\0'; at++) {
        if (*at == '.' && !point) {
            point = true;
            continue;
        }
        if (point)
            unit /= 10;
        if (*at < '0' || *at > '9' || unit == 0)
            return -1;
        value = (point ? value : value * 10) + (*at - '0') * unit;
        if (value > max)
            return -1;
    }
    return value > 0 ? value : -1;
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
