/* lookup-handler: answers one request, from descriptor 0 to descriptor 1. */
#include "main/cli.h"
#include "main/version.h"
#include "net/confine.h"
#include "net/exchange.h"
#include "net/log.h"
#include "net/peer.h"
#include "net/timezone.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char usage[] =
    "Usage: lookup-handler [OPTION ...] %s\n"
    "Reads one request from descriptor 0 and writes the answer to descriptor 1. systemd,\n"
    "xinetd or inetd starts it for each connection; or start it by hand, in a pipe.\n"
    "\n"
    "  --book FILE        the address book (else $LOOKUP_BOOK, else " BOOK_PATH ")\n"
    "  --session          answer requests until the client ends the connection\n"
    "  --timeout SECONDS  how long an exchange may take (10)\n"
    "  --verbose          log a line for each request\n"
    "  --check            say what is missing, and answer nothing\n"
    "  --help, --version\n";

enum { PASSED_FILENO = 3 };

struct settings {
    const char *book;
    bool session;
    bool verbose;
    bool check;
    int64_t timeout;
    const struct service *service;
};

static struct settings handler_read_arguments(int argc, char **argv) {
    static const struct option options[] = {
        {"book", required_argument, NULL, 'b'},    {"session", no_argument, NULL, 's'},
        {"timeout", required_argument, NULL, 't'}, {"verbose", no_argument, NULL, 'v'},
        {"check", no_argument, NULL, 'c'},         {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'V'},       {NULL, 0, NULL, 0},
    };
    struct settings set = {.timeout = 10000};
    char names[SERVICE_NAMES_MAX];
    int option;
    while ((option = cli_option(argc, argv, ":", options, NULL)) != -1) {
        switch (option) {
        case 'b': set.book = optarg; break;
        case 's': set.session = true; break;
        case 't': set.timeout = cli_milliseconds(optarg); break;
        case 'v': set.verbose = true; break;
        case 'c': set.check = true; break;
        case 'h': cli_print_and_exit(usage, service_names("|", "|", names));
        case 'V': cli_print_and_exit("lookup-handler " VERSION "\n");
        default: die(STATUS_USAGE, "%s", cli_option_fault(option, argv));
        }
    }
    if (set.timeout < 0)
        die(STATUS_USAGE, "--timeout takes 0.001 to 86400 seconds");
    if (argc - optind != 1)
        die(STATUS_USAGE, "exactly one service must be given: %s",
            service_names(", ", " or ", names));
    set.service = service_named(argv[optind]);
    if (set.service == NULL)
        die(STATUS_USAGE, "no such service: %s", argv[optind]);
    if (set.session && !set.service->has_sessions)
        die(STATUS_USAGE, "%s answers only one request on a connection", set.service->name);
    if (set.book == NULL)
        set.book = getenv("LOOKUP_BOOK");
    if (set.book == NULL || set.book[0] == '\0')
        set.book = BOOK_PATH;
    return set;
}

/* open() would reuse the number of a closed descriptor: the book would be read as a
 * request, or answers would be written into it. */
static void ensure_fd_open(int fd) {
    int null = open("/dev/null", O_RDWR);
    if (null != fd)
        die(STATUS_SYSTEM, "descriptor %d is closed, /dev/null: %s", fd, strerror(errno));
}

struct buffers {
    struct cdb_file file;
    char bytes[REQUEST_BUFFER + ANSWER_MAX];
    unsigned char record[CDB_RECORD_MAX];
};

/* Returns the socket type of fd; 0: no socket, -1: closed. */
static int socket_type(int fd) {
    int type = 0;
    socklen_t len = sizeof(type);
    if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) < 0 && errno == EBADF)
        return -1;
    return type;
}

/* Returns 1 if fd is a socket, 0 if it is none, -1 if it is closed. Refuses a listening one, whose
 * clients would wait while the superserver starts one handler after another. */
static int refuse_listening(int fd) {
    int listening = 0;
    socklen_t len = sizeof(listening);
    if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &len) < 0)
        return errno == EBADF ? -1 : 0;
    if (listening)
        die(STATUS_USAGE,
            "descriptor %d is a listening socket: use lookup-server, or a superserver "
            "that accepts (Accept=yes, nowait)",
            fd);
    return 1;
}

/* With Accept=yes but without StandardInput=socket, the connection is the first
 * descriptor after the standard ones, and the environment says so (sd_listen_fds(3)). */
static bool has_passed_connection(void) {
    const char *pid = getenv("LISTEN_PID");
    const char *count = getenv("LISTEN_FDS");
    if (pid == NULL || strtol(pid, NULL, 10) != getpid() || count == NULL ||
        strcmp(count, "1") != 0 || socket_type(PASSED_FILENO) <= 0)
        return false;
    refuse_listening(PASSED_FILENO);
    return true;
}

static struct exchange open_exchange(bool has_stderr) {
    struct exchange x = {.in = STDIN_FILENO, .out = STDOUT_FILENO};
    int in = socket_type(x.in);
    if (in < 0)
        ensure_fd_open(x.in);
    int out = refuse_listening(x.out); /* where a listening one is both, as inetd has it */
    if (out < 0)
        die(STATUS_SYSTEM, "descriptor 1 is closed: the answer cannot be sent");
    if (!has_stderr)
        ensure_fd_open(STDERR_FILENO);
    if (in <= 0 && has_passed_connection()) {
        x.in = x.out = PASSED_FILENO;
        in = out = socket_type(PASSED_FILENO);
    }
    x.in_is_socket = in > 0;
    x.out_is_socket = out > 0;
    if (x.in_is_socket && in != SOCK_STREAM)
        die(STATUS_USAGE, "descriptor %d is a datagram socket: use lookup-server", x.in);
    /* See listener.h; no effect on a Unix socket. */
    int on = 1;
    if (x.in_is_socket)
        setsockopt(x.in, SOL_SOCKET, SO_OOBINLINE, &on, sizeof(on));
    return x;
}

static void handler_log(const struct settings *set, int connection, const struct request *request,
                        enum result result) {
    char peer[PEER_MAX];
    peer_of(connection, peer);
    log_request(&(struct log_request){
        .service = set->service->name,
        .peer = peer,
        .asked = {request->at, request->len},
        .result = result_name(result),
    });
}

/* Appends the answer. Discards it if the book was changed in place in between. */
static enum result handler_answer(const struct service *service, const struct book *book,
                                  const struct request *request, struct text *answer) {
    struct request_context context = {.book = book};
    if (service->tells_time)
        clock_gettime(CLOCK_REALTIME, &context.now);
    enum result result = service->answer(request, &context, answer);
    if (book == NULL || book_is_intact(book))
        return result;
    answer->len = 0;
    context.book = NULL;
    return service->answer(request, &context, answer);
}

/* Answers one request; the answer is stored right after it. Returns true if another
 * request may follow. */
static bool serve_one(const struct settings *set, const struct book *book, struct exchange *x,
                      struct request *request, enum result *result) {
    deadline until = deadline_in(set->timeout);
    int got = exchange_receive(x, set->service, until, request);
    if (got < 0)
        die(STATUS_SYSTEM, "cannot read a request: %s", strerror(errno));
    if (got == 0)
        return false;
    struct text answer = {.at = request->at + request->len, .cap = ANSWER_MAX};
    *result = handler_answer(set->service, book, request, &answer);
    int sent = exchange_send(x, text_span(&answer), until);
    if (sent < 0)
        die(STATUS_SYSTEM, "cannot send the answer: %s", strerror(errno));
    if (set->verbose)
        handler_log(set, x->in, request, *result);
    return sent > 0 && set->session && exchange_next(x, request);
}

/* State of the book, and whether to log it. */
struct book_state {
    const struct book *book; /* NULL: no usable book */
    int why;                 /* errno of the failed open */
    bool due;                /* no other instance has logged it recently */
    bool said;
};

static void handler_say_book(const struct settings *set, struct book_state *state) {
    if (state->said || !state->due)
        return;
    state->said = true;
    if (state->book != NULL)
        state->why = state->book->image.file->error; /* it could be opened, and not be read on */
    if (state->why != 0)
        log_fault("address book %s: %s", set->book, book_fault(state->why));
    else
        log_fault("address book %s is broken", set->book);
}

/* A service with an optional book logs the fault only when a request needs the book. */
static struct book_state handler_open_book(const struct settings *set, struct buffers *buffers,
                                           struct book *book) {
    struct book_state state = {.due = true};
    if (!set->service->needs_book)
        return state;
    buffers->file.large = buffers->record;
    if (book_open_pieces(book, &buffers->file, set->book) == 0) {
        state.book = book;
        return state;
    }
    state.why = errno;
    state.due = log_is_due(LOG_SELDOM_BOOK, set->book);
    if (!set->service->book_optional)
        handler_say_book(set, &state);
    return state;
}

/* Answers all requests of the connection. Returns the exit status. */
static int serve(const struct settings *set, struct book_state *state, struct exchange *x,
                 struct buffers *buffers) {
    const struct service *service = set->service;
    struct request request = {.at = buffers->bytes, .cap = service->request_max};
    bool fault = service->needs_book && state->book == NULL && !service->book_optional;
    enum result result = RESULT_HIT;
    bool more = true;
    while (more) {
        more = serve_one(set, state->book, x, &request, &result);
        if (result == RESULT_FAULT) {
            handler_say_book(set, state);
            fault = true;
        }
    }
    exchange_finish(x, buffers->bytes, sizeof(buffers->bytes));
    return fault ? STATUS_CONFIG : 0;
}

int main(int argc, char **argv) {
    static struct buffers buffers; /* may be too large for the stack */
    bool has_stderr = log_open("lookup-handler");
    struct exchange x = open_exchange(has_stderr);
    struct settings set = handler_read_arguments(argc, argv);
    signal(SIGPIPE, SIG_IGN);
    if (set.check)
        log_unlimited();
    struct book book;
    struct book_state state = handler_open_book(&set, &buffers, &book);
    bool has_book = state.book != NULL || !set.service->needs_book || set.service->book_optional;
    if (set.service->tells_time)
        timezone_load();
    log_ready();
    bool confined = confine_files(NULL, false);
    confined = confine_calls(FILTER_HANDLER, -1) && confined;
    if (set.check)
        return confined && has_book ? 0 : STATUS_CONFIG;
    return serve(&set, &state, &x, &buffers);
}
