#include "net/log.h"

#include "data/escape.h"
#include "data/fold.h"
#include "data/same_file.h"
#include "net/throttle.h"

#include <errno.h>
#include <paths.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

static struct {
    const char *program;
    bool to_syslog;
    bool to_journal;
    bool ready;     /* log_ready was called: nothing may be opened */
    bool unlimited; /* log_seldom logs always */
    int syslog;     /* its socket, or -1 */
    const struct log_sink *other;
} sink;

/* A socket that is also descriptor 0 or 1 belongs to the client. */
static bool is_clients(const struct stat *err) {
    struct stat other;
    if (!S_ISSOCK(err->st_mode))
        return false;
    for (int fd = STDIN_FILENO; fd <= STDOUT_FILENO; fd++)
        if (fstat(fd, &other) == 0 && same_file(err, &other))
            return true;
    return false;
}

/* JOURNAL_STREAM is device:inode of the stream to the journal (systemd.exec(5)). A
 * program may inherit the variable and have another standard error. */
static bool is_journal(const struct stat *err) {
    const char *at = getenv("JOURNAL_STREAM");
    char *end = NULL;
    if (at == NULL || strtoull(at, &end, 10) != err->st_dev || *end != ':')
        return false;
    return strtoull(end + 1, &end, 10) == err->st_ino && *end == '\0';
}

bool log_open(const char *program) {
    struct stat err;
    bool known = fstat(STDERR_FILENO, &err) == 0;
    bool closed = !known && errno == EBADF;
    sink.program = program;
    sink.syslog = -1;
    sink.to_journal = known && is_journal(&err);
    sink.to_syslog = !known || (!sink.to_journal && is_clients(&err));
    return !closed;
}

bool log_is_journal(void) {
    return sink.to_journal;
}

/* In place of syslog(3), which reopens a lost socket. A confined process cannot. */
static void open_syslog(void) {
    static const struct sockaddr_un address = {AF_UNIX, _PATH_LOG};
    sink.syslog = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (sink.syslog >= 0 &&
        connect(sink.syslog, (const struct sockaddr *)&address, sizeof(address)) < 0) {
        close(sink.syslog);
        sink.syslog = -1;
    }
}

void log_ready(void) {
    if (sink.to_syslog && sink.syslog < 0)
        open_syslog();
    sink.ready = true;
}

/* RFC 3164, without the time, which the receiver adds. */
static void emit_to_syslog(int priority, struct span line) {
    char bytes[LOG_LINE_MAX + 64];
    if (sink.syslog < 0 && !sink.ready)
        open_syslog();
    int len = snprintf(bytes, sizeof(bytes), "<%d>%s[%d]: %.*s", LOG_DAEMON | priority,
                       sink.program, (int)getpid(), (int)line.len, line.at);
    if (len < 0)
        return;
    size_t held = (size_t)len < sizeof(bytes) ? (size_t)len : sizeof(bytes) - 1;
    send(sink.syslog, bytes, held, MSG_DONTWAIT | MSG_NOSIGNAL);
}

/* A line that cannot be written is lost. */
static void emit(int priority, struct span line) {
    char bytes[16 * 1024];
    struct text out = {.at = bytes, .cap = sizeof(bytes)};
    if (sink.to_syslog) {
        emit_to_syslog(priority, line);
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

/* Formats a line into line and cuts it if it is too long. */
static struct span log_format(const char *format, va_list arguments, char line[LOG_LINE_MAX]) {
    int len = vsnprintf(line, LOG_LINE_MAX, format, arguments);
    if (len < 0)
        len = 0;
    return (struct span){line, len < LOG_LINE_MAX ? (size_t)len : LOG_LINE_MAX - 1};
}

/* Escapes the line, which may contain a stranger's bytes: names and contents of files. */
static void log_line(struct span line) {
    char bytes[LOG_LINE_MAX];
    struct text shown = {.at = bytes, .cap = sizeof(bytes) - 1};
    escape(line, "", "", &shown);
    bytes[shown.len] = '\0';
    if (sink.other == NULL || !sink.other->fault(bytes))
        emit(LOG_ERR, text_span(&shown));
}

void log_vfault(const char *format, va_list arguments) {
    char line[LOG_LINE_MAX];
    log_line(log_format(format, arguments, line));
}

void log_fault(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    log_vfault(format, arguments);
    va_end(arguments);
}

bool log_is_due(long seconds, const char *what) {
    bool limited = (sink.to_journal || sink.to_syslog) && !sink.unlimited;
    return !limited || throttle_pass(span_of(what), seconds);
}

void log_seldom(long seconds, const char *format, ...) {
    char bytes[LOG_LINE_MAX];
    va_list arguments;
    va_start(arguments, format);
    struct span line = log_format(format, arguments, bytes);
    va_end(arguments);
    if (log_is_due(seconds, bytes))
        log_line(line);
}

void log_unlimited(void) {
    sink.unlimited = true;
}

void log_use(const struct log_sink *other) {
    sink.other = other;
}

/* Returns the first line of a request, without its end, and cut to LOG_ASKED_MAX. */
static struct span first_line(struct span asked) {
    for (size_t i = 0; i < asked.len; i++)
        if (asked.at[i] == '\n')
            asked.len = i;
    while (asked.len > 0 && (asked.at[asked.len - 1] == '\r' || asked.at[asked.len - 1] == '\0'))
        asked.len--;
    return (struct span){asked.at, asked.len < LOG_ASKED_MAX ? asked.len : LOG_ASKED_MAX};
}

void log_request(const struct log_request *request) {
    char folded[LOG_ASKED_MAX * FOLD_GROWTH];
    char escaped[sizeof(folded) * 4];
    char line[sizeof(escaped) + 128];
    struct text fold = {.at = folded, .cap = sizeof(folded)};
    struct text asked = {.at = escaped, .cap = sizeof(escaped)};
    struct text out = {.at = line, .cap = sizeof(line) - 1};
    struct span first = first_line(request->asked);
    escape(fold_name(first, &fold) == 0 ? text_span(&fold) : first, "\"\\", "", &asked);
    escape(span_of(request->peer), "", "", &out);
    text_put(&out, SPAN(" \""));
    text_put(&out, text_span(&asked));
    text_put(&out, SPAN("\" "));
    text_put(&out, span_of(request->result));
    struct log_request shown = *request;
    shown.asked = text_span(&asked);
    line[out.len] = '\0';
    if (sink.other == NULL || !sink.other->request(line, &shown))
        emit(LOG_NOTICE, text_span(&out));
}
