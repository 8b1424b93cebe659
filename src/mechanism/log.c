#include "mechanism/log.h"

#include "data/escape.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

static struct {
    const char *program;
    bool to_syslog;
    bool to_journal;
} sink;

static bool same_file(const struct stat *a, const struct stat *b) {
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* A socket that is also descriptor 0 or 1 belongs to the client. */
static bool stderr_is_ours(void) {
    struct stat err;
    struct stat other;
    if (fstat(STDERR_FILENO, &err) < 0)
        return false;
    if (!S_ISSOCK(err.st_mode))
        return true;
    for (int fd = STDIN_FILENO; fd <= STDOUT_FILENO; fd++)
        if (fstat(fd, &other) == 0 && same_file(&err, &other))
            return false;
    return true;
}

void log_open(const char *program) {
    sink.program = program;
    sink.to_syslog = !stderr_is_ours();
    sink.to_journal = !sink.to_syslog && getenv("JOURNAL_STREAM") != NULL;
}

/* A line that cannot be written is lost: there is nowhere to say so. */
static void emit(int priority, struct span line) {
    char bytes[LOG_LINE_MAX + 64];
    struct text out = {.at = bytes, .cap = sizeof(bytes)};
    if (sink.to_syslog) {
        openlog(sink.program, LOG_PID, LOG_DAEMON);
        syslog(priority, "%.*s", (int)line.len, line.at);
        return;
    }
    if (sink.to_journal) {
        char level[] = {'<', (char)('0' + priority), '>'};
        text_put(&out, (struct span){level, sizeof(level)});
    } else {
        text_put(&out, span_of(sink.program));
        text_put(&out, SPAN(": "));
    }
    text_put(&out, line);
    text_put(&out, SPAN("\n"));
    ssize_t ignored = write(STDERR_FILENO, out.at, out.len);
    (void)ignored;
}

void log_vfault(const char *format, va_list arguments) {
    char line[LOG_LINE_MAX];
    int len = vsnprintf(line, sizeof(line), format, arguments);
    if (len < 0)
        return;
    size_t held = (size_t)len < sizeof(line) ? (size_t)len : sizeof(line) - 1;
    emit(LOG_ERR, (struct span){line, held});
}

void log_fault(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    log_vfault(format, arguments);
    va_end(arguments);
}

void log_request(const char *peer, struct span asked, const char *result) {
    char line[LOG_LINE_MAX];
    struct text out = {.at = line, .cap = sizeof(line)};
    escape(span_of(peer), "", "", &out);
    text_put(&out, SPAN(" \""));
    size_t room = sizeof(line) - out.len - 64;
    escape((struct span){asked.at, asked.len < room / 4 ? asked.len : room / 4}, "\"\\", "", &out);
    text_put(&out, SPAN("\" "));
    text_put(&out, span_of(result));
    emit(LOG_NOTICE, text_span(&out));
}
