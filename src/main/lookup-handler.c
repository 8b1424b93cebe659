/* lookup-handler: one request, descriptor 0 to descriptor 1. */
#include "main/cli.h"
#include "main/version.h"
#include "net/confine.h"
#include "net/exchange.h"
#include "net/log.h"
#include "net/peer.h"
#include "net/zone.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char usage[] =
    "Usage: lookup-handler [OPTION ...] %s\n"
    "Answers one request, read from descriptor 0, on descriptor 1. To be started by\n"
    "systemd, xinetd or inetd for each connection, or by hand in a pipe.\n"
    "\n"
    "  --book FILE        the address book (else $LOOKUP_BOOK, else " BOOK_PATH ")\n"
    "  --session          answer request after request until the client ends\n"
    "  --timeout SECONDS  from the first byte awaited to the last one sent (10)\n"
    "  --verbose          log one line a request\n"
    "  --help, --version\n";

struct settings {
    const char *book;
    bool session;
    bool verbose;
    int64_t timeout;
    const struct service *service;
};

static struct settings handler_read_arguments(int argc, char **argv) {
    static const struct option options[] = {
        {"book", required_argument, NULL, 'b'},
        {"session", no_argument, NULL, 's'},
        {"timeout", required_argument, NULL, 't'},
        {"verbose", no_argument, NULL, 'v'},
        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'V'},
        {NULL, 0, NULL, 0},
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
        case 'h': cli_print_and_exit(usage, service_names("|", "|", names));
        case 'V': cli_print_and_exit("lookup-handler " VERSION "\n");
        default: die(STATUS_USAGE, "%s", cli_option_fault(option, argv));
        }
    }
    if (set.timeout < 0)
        die(STATUS_USAGE, "--timeout takes 0.001 to 86400 seconds");
    if (argc - optind != 1)
        die(STATUS_USAGE, "one service is needed: %s", service_names(", ", " or ", names));
    set.service = service_named(argv[optind]);
    if (set.service == NULL)
        die(STATUS_USAGE, "no such service: %s", argv[optind]);
    if (set.session && !set.service->has_sessions)
        die(STATUS_USAGE, "%s answers one request a connection", set.service->name);
    if (set.book == NULL)
        set.book = getenv("LOOKUP_BOOK");
    if (set.book == NULL || set.book[0] == '\0')
        set.book = BOOK_PATH;
    return set;
}

/* A descriptor that was closed would be given to the next file opened, and
 * then the book would be read as a request, or answers be written into it. */
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

/* The type of socket that fd is; 0: it is none. */
static int socket_type(int fd) {
    int type = 0;
    socklen_t len = sizeof(type);
    if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) < 0 && errno == EBADF)
        ensure_fd_open(fd);
    return type;
}

static struct exchange open_exchange(bool has_stderr) {
    struct exchange x = {.in = STDIN_FILENO, .out = STDOUT_FILENO};
    int type = socket_type(x.in);
    x.in_is_socket = type != 0;
    x.out_is_socket = socket_type(x.out) != 0;
    if (!has_stderr)
        ensure_fd_open(STDERR_FILENO);
    if (x.in_is_socket && type != SOCK_STREAM)
        die(STATUS_USAGE, "descriptor 0 is a datagram socket: that takes lookup-server");
    return x;
}

static void handler_log(const struct settings *set, const struct request *request,
                        enum result result) {
    char peer[PEER_MAX];
    peer_of(STDIN_FILENO, peer);
    log_request(&(struct log_request){
        .service = set->service->name,
        .peer = peer,
        .asked = {request->at, request->len},
        .result = result_name(result),
    });
}

/* Answers one request. True: the next one may be awaited. The answer is put right behind
 * the request. */
static bool serve_one(const struct settings *set, const struct book *book, struct exchange *x,
                      struct request *request, enum result *result) {
    deadline until = deadline_in(set->timeout);
    int got = exchange_receive(x, set->service, until, request);
    if (got < 0)
        die(STATUS_SYSTEM, "cannot read a request: %s", strerror(errno));
    if (got == 0)
        return false;
    struct text answer = {.at = request->at + request->len, .cap = ANSWER_MAX};
    struct request_context context = {.book = book};
    if (set->service->tells_time)
        clock_gettime(CLOCK_REALTIME, &context.now);
    *result = set->service->answer(request, &context, &answer);
    int sent = exchange_send(x, text_span(&answer), until);
    if (sent < 0)
        die(STATUS_SYSTEM, "cannot send the answer: %s", strerror(errno));
    if (set->verbose)
        handler_log(set, request, *result);
    return sent > 0 && set->session && exchange_next(x, request);
}

/* Why it could not be opened, or 0: it could, and is broken all the same. */
static void log_book(const char *book, int why) {
    if (why == 0)
        log_fault("address book %s is broken", book);
    else
        log_fault("address book %s: %s", book,
                  why == EBADMSG ? "not an address book, or a broken one" : strerror(why));
}

int main(int argc, char **argv) {
    struct buffers buffers;
    bool has_stderr = log_open("lookup-handler");
    struct exchange x = open_exchange(has_stderr);
    struct settings set = handler_read_arguments(argc, argv);
    signal(SIGPIPE, SIG_IGN);
    struct book book;
    buffers.file.large = buffers.record;
    bool have_book =
        set.service->needs_book && book_open_pieces(&book, &buffers.file, set.book) == 0;
    int why = set.service->needs_book && !have_book ? errno : 0;
    bool fault = why != 0 && !set.service->book_optional;
    if (fault)
        log_book(set.book, why);
    if (set.service->tells_time)
        zone_read();
    log_ready();
    confine_files(NULL);
    confine_calls(FILTER_HANDLER);

    struct request request = {.at = buffers.bytes, .cap = set.service->request_max};
    enum result result = RESULT_HIT;
    bool more = true;
    while (more) {
        more = serve_one(&set, have_book ? &book : NULL, &x, &request, &result);
        if (result == RESULT_FAULT && !fault) {
            log_book(set.book, why);
            fault = true;
        }
    }
    exchange_finish(&x, buffers.bytes, sizeof(buffers.bytes));
    return fault ? STATUS_CONFIG : 0;
}
