/* Diagnostics: to standard error, unless that is the client's connection (as
 * under inetd), closed or lost; then to syslog. Nothing from here can ever reach a
 * client. Under the journal each line carries its priority (sd-daemon(3)). */
#ifndef LOOKUP_LOG_H
#define LOOKUP_LOG_H

#include "data/bytes.h"

#include <stdarg.h>
#include <stdbool.h>

enum {
    LOG_SELDOM_BOOK = 10,      /* seconds between two lines of a book that is missing */
    LOG_SELDOM_DEFENCE = 3600, /* ... of a defence that the kernel lacks */
    LOG_LINE_MAX = 4096,       /* bytes of a fault's line; longer ones are cut */
    LOG_ASKED_MAX = 1024,      /* bytes of a request that are shown */
};

/* Decides where lines go. To be called once, first of all, before any
 * descriptor is opened or closed. program must stay. False: standard error is
 * closed. */
bool log_open(const char *program);

/* Opens what lines go to, if that is not standard error; from then on nothing
 * is opened any more. */
void log_ready(void);

/* True if lines go to the journal by way of standard error. */
bool log_is_journal(void);

/* An operator's fault: always logged. */
void log_fault(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_vfault(const char *format, va_list arguments) __attribute__((format(printf, 1, 0)));

/* The same for what each instance would say again, see throttle.h: in the system's
 * log a line appears once in so many seconds, whoever logs it. Elsewhere, and
 * after log_unlimited, always. To be called before confine_calls. */
void log_seldom(long seconds, const char *format, ...) __attribute__((format(printf, 2, 3)));
void log_unlimited(void);

/* True if a line about what, which is some text, would appear now by log_seldom: for what can
 * be known only after confine_calls. */
bool log_is_due(long seconds, const char *what);

/* One request as --verbose logs it: PEER "REQUEST" RESULT. */
struct log_request {
    const char *service;
    const char *peer;
    struct span asked; /* the bytes received; the first line of them is shown, folded and escaped */
    const char *result;
};
void log_request(const struct log_request *request);

/* Where else lines may go, the journal say. Both get whole, escaped lines;
 * asked is then what is to be shown. False: it could not be told, and the line goes where
 * it would have gone. */
struct log_sink {
    bool (*fault)(const char *line);
    bool (*request)(const char *line, const struct log_request *request);
};
void log_use(const struct log_sink *sink);

#endif
