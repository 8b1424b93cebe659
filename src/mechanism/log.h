/* Diagnostics: to standard error, unless that is the client's connection (as
 * under inetd) or closed; then to syslog. Nothing from here can ever reach a
 * client. Under the journal each line carries its priority (sd-daemon(3)). */
#ifndef LOOKUP_LOG_H
#define LOOKUP_LOG_H

#include "data/bytes.h"

#include <stdarg.h>
#include <stdbool.h>

enum { LOG_LINE_MAX = 4096 }; /* bytes of one line; longer ones are cut */

/* Decides where lines go and opens it, so that nothing need be opened later.
 * To be called once, first of all, before any descriptor is opened or closed.
 * program must stay. */
void log_open(const char *program);

/* An operator's fault: always logged. */
void log_fault(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_vfault(const char *format, va_list arguments) __attribute__((format(printf, 1, 0)));

/* One line about one request (--verbose). asked is escaped. */
void log_request(const char *peer, struct span asked, const char *result);

#endif
