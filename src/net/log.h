/* Diagnostics go to standard error. If that is the client's connection (as under inetd),
 * or is closed, they go to syslog. None of them reaches a client. In the journal, each
 * line has its priority (sd-daemon(3)). */
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

/* Decides where lines go. Call it once, before any descriptor is opened or closed.
 * program must stay valid. Returns false if standard error is closed. */
bool log_open(const char *program);

/* Opens syslog, if lines go there. After this the log opens nothing. */
void log_ready(void);

/* True if standard error is the journal. */
bool log_is_journal(void);

/* Logs an operator's fault. */
void log_fault(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_vfault(const char *format, va_list arguments) __attribute__((format(printf, 1, 0)));

/* Logs a fault that every instance would log again (see throttle.h): in the journal and
 * in syslog, the line appears once in so many seconds, whichever instance logs it. On
 * other outputs, and after log_unlimited, it always appears. Call it before
 * confine_calls. */
void log_seldom(long seconds, const char *format, ...) __attribute__((format(printf, 2, 3)));
void log_unlimited(void);

/* True if log_seldom would log now. what is any text that stands for the line. For
 * faults that are found only after confine_calls. */
bool log_is_due(long seconds, const char *what);

/* One request as --verbose logs it: PEER "REQUEST" RESULT. */
struct log_request {
    const char *service;
    const char *peer;
    struct span asked; /* the bytes received; the first line of them is shown, folded and escaped */
    const char *result;
};
void log_request(const struct log_request *request);

/* Another destination for lines, such as the journal's socket. Both functions get whole,
 * escaped lines, and asked is escaped, too. They return false if they failed; then the
 * line goes to the usual destination. */
struct log_sink {
    bool (*fault)(const char *line);
    bool (*request)(const char *line, const struct log_request *request);
};
void log_use(const struct log_sink *sink);

#endif
