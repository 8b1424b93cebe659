/* A lookup service in the hands of an attacker: a request is not a name but an action
 * that no such service needs. Linked into handler and server in place of the real
 * service, to test from inside that confinement holds. Answers "REQUEST: done" or
 * "REQUEST: ERROR", if it still can. */
#include "services/line.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static long do_nothing(void) {
    return 0;
}

static long do_open(void) {
    return open("/etc/passwd", O_RDONLY | O_CLOEXEC);
}

/* A path where an unconfined process may create a file without harm. */
static const char *file(void) {
    const char *chosen = getenv("BREACH_FILE");
    return chosen == NULL ? "/tmp/lookup-breach" : chosen;
}

static long do_create(void) {
    return open(file(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
}

static long do_unlink(void) {
    return unlink(file());
}

static long do_socket(void) {
    return socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

/* Uses the descriptor that may be the client's connection. */
static long do_connect(void) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return connect(STDIN_FILENO, (const struct sockaddr *)&to, sizeof(to));
}

static long do_listen(void) {
    return listen(STDIN_FILENO, 1);
}

static long do_exec(void) {
    return execl("/bin/sh", "sh", "-c", "echo breach", (char *)NULL);
}

static long do_fork(void) {
    long child = fork();
    if (child == 0)
        _exit(0);
    return child;
}

static long do_kill(void) {
    return kill(getppid(), 0);
}

static long do_trace(void) {
    return ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}

static long do_code(void) {
    void *at =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return at == MAP_FAILED ? -1 : 0;
}

static long do_limit(void) {
    const struct rlimit most = {64, 64};
    return setrlimit(RLIMIT_NPROC, &most);
}

static long do_chmod(void) {
    return fchmod(STDERR_FILENO, 0777);
}

static long do_dump(void) {
    return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
}

static bool by_number; /* sockets were passed from 3 on (sd_listen_fds(3)) */

__attribute__((constructor)) static void remember_environment(void) {
    by_number =
        getenv("LISTEN_FDS") != NULL && strcmp(program_invocation_short_name, "lookup-server") == 0;
}

/* A socket shared with the superserver, and with its next server. */
static int listener(void) {
    return by_number ? 3 : STDIN_FILENO;
}

/* A socket filter that drops everything and cannot be removed. */
static long do_filter(void) {
    struct sock_filter none = {0x06, 0, 0, 0};
    const struct sock_fprog program = {1, &none};
    return setsockopt(listener(), SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
}

static long do_lock(void) {
    const int on = 1;
    return setsockopt(listener(), SOL_SOCKET, SO_LOCK_FILTER, &on, sizeof(on));
}

static long do_shutdown(void) {
    return shutdown(listener(), SHUT_RDWR);
}

static long do_shutread(void) {
    return shutdown(listener(), SHUT_RD);
}

/* Programs need shutdown(2) for connections, but must not use it on the shared socket. */
static long do_shutwrite(void) {
    return shutdown(by_number ? 3 : STDERR_FILENO, SHUT_WR);
}

static long do_local(void) {
    return socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

static const struct sockaddr_un system_log = {AF_UNIX, "/dev/log"};

/* Forges a log line of another program. */
static long do_log(void) {
    static const char line[] = "<38>sshd[1]: Accepted publickey for root";
    return sendto(listener(), line, sizeof(line) - 1, 0, (const struct sockaddr *)&system_log,
                  sizeof(system_log));
}

static struct sockaddr_in discard(void) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return to;
}

static long do_send(void) {
    struct sockaddr_in to = discard();
    return sendto(listener(), "x", 1, 0, (const struct sockaddr *)&to, sizeof(to));
}

static long do_message(void) {
    struct sockaddr_in to = discard();
    struct iovec data = {"x", 1};
    struct msghdr message = {
        .msg_name = &to, .msg_namelen = sizeof(to), .msg_iov = &data, .msg_iovlen = 1};
    return sendmsg(listener(), &message, 0);
}

/* This cannot be prevented where datagrams are answered, see lookup-server(8). */
static long do_messages(void) {
    struct sockaddr_in to = discard();
    struct iovec data = {"x", 1};
    struct mmsghdr message = {
        .msg_hdr = {.msg_name = &to, .msg_namelen = sizeof(to), .msg_iov = &data, .msg_iovlen = 1}};
    return sendmmsg(listener(), &message, 1, 0);
}

static long do_peek(void) {
    int type = 0;
    socklen_t len = sizeof(type);
    return getsockopt(listener(), SOL_SOCKET, SO_TYPE, &type, &len);
}

static const struct {
    const char *name;
    long (*attempt)(void);
} attempts[] = {
    {"nothing", do_nothing},   {"open", do_open},           {"create", do_create},
    {"unlink", do_unlink},     {"socket", do_socket},       {"connect", do_connect},
    {"listen", do_listen},     {"exec", do_exec},           {"fork", do_fork},
    {"kill", do_kill},         {"trace", do_trace},         {"code", do_code},
    {"limit", do_limit},       {"chmod", do_chmod},         {"dump", do_dump},
    {"filter", do_filter},     {"lock", do_lock},           {"shutdown", do_shutdown},
    {"shutread", do_shutread}, {"shutwrite", do_shutwrite}, {"local", do_local},
    {"log", do_log},           {"send", do_send},           {"message", do_message},
    {"messages", do_messages}, {"peek", do_peek},
};

static enum result attempt(const struct line *line, const struct request_context *context,
                           struct text *out) {
    (void)context;
    text_put(out, line->text);
    for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts)[0]; i++) {
        if (!span_equal(line->text, span_of(attempts[i].name)))
            continue;
        long result = attempts[i].attempt();
        text_put(out, SPAN(": "));
        text_put(out, span_of(result < 0 ? strerror(errno) : "done"));
        return RESULT_HIT;
    }
    text_put(out, SPAN(": no such attempt"));
    return RESULT_MISS;
}

static enum result answer(const struct request *request, const struct request_context *context,
                          struct text *out) {
    return line_answer(request, context, attempt, out);
}

const struct service lookup_service = {
    .name = "lookup",
    .port = 8084,
    .has_sessions = true,
    .has_datagrams = true,
    .quiet_ms = LINE_QUIET_MS,
    .request_max = LINE_BUFFER,
    .frame = line_frame,
    .answer = answer,
};
