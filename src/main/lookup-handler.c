/* lookup-handler: one request, descriptor 0 to descriptor 1. */
#include "main/cli.h"
#include "main/version.h"
#include "net/confine.h"
#include "net/exchange.h"
#include "net/log.h"
#include "net/peer.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <linux/mman.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char usage[] =
    "Usage: lookup-handler [OPTION ...] lookup|clock|hello\n"
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
    int option;
    opterr = 0;
    while ((option = getopt_long(argc, argv, ":", options, NULL)) != -1) {
        switch (option) {
        case 'b': set.book = optarg; break;
        case 's': set.session = true; break;
        case 't': set.timeout = cli_milliseconds(optarg); break;
        case 'v': set.verbose = true; break;
        case 'h': cli_print_and_exit(usage);
        case 'V': cli_print_and_exit("lookup-handler " VERSION "\n");
        default: die(STATUS_USAGE, "%s", cli_option_fault(option, argv));
        }
    }
    if (set.timeout < 0)
        die(STATUS_USAGE, "--timeout takes 0.001 to 86400 seconds");
    if (argc - optind != 1)
        die(STATUS_USAGE, "one service is needed: lookup, clock or hello");
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

/* Most requests touch but the beginning of it. */
struct buffers {
    struct cdb_file file;
    char bytes[REQUEST_BUFFER + ANSWER_MAX];
    unsigned char record[CDB_RECORD_MAX];
};

enum { LOCALS = 1024 }; /* bytes that serve has on its stack beside its room, at most */

/* To be called just before serve, from where that is: takes the pages of its stack that
 * most requests touch, at the low end of its room and below, by one call. A fault for each
 * costs several times as much. It needs Linux 5.14, and all of room to be in the 128 KB of
 * stack, some of them used already, that a program starts with; else the faults come as
 * ever. */
static void touch(uintptr_t frame) {
    const uintptr_t page = 4096;
    uintptr_t low = frame - sizeof(struct buffers) - LOCALS;
    syscall(SYS_madvise, (low - page) & ~(page - 1), 3 * page, MADV_POPULATE_WRITE);
}

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

/* Appends the answer. What was found in a book that was changed meanwhile is not used. */
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
    *result = handler_answer(set->service, book, request, &answer);
    int sent = exchange_send(x, text_span(&answer), until);
    if (sent < 0)
        die(STATUS_SYSTEM, "cannot send the answer: %s", strerror(errno));
    if (set->verbose)
        handler_log(set, request, *result);
    return sent > 0 && set->session && exchange_next(x, request);
}

static __attribute__((noinline)) int serve(int argc, char **argv) {
    struct buffers buffers;
    bool has_stderr = log_open("lookup-handler");
    struct exchange x = open_exchange(has_stderr);
    struct settings set = handler_read_arguments(argc, argv);
    signal(SIGPIPE, SIG_IGN);
    deadline_by_call();
    struct book book;
    buffers.file.large = buffers.record;
    bool have_book =
        set.service->needs_book && book_open_pieces(&book, &buffers.file, set.book) == 0;
    if (set.service->needs_book && !have_book)
        log_fault("address book %s: %s", set.book,
                  errno == EBADMSG ? "not an address book, or a broken one" : strerror(errno));
    if (set.service->tells_time)
        tzset(); /* reads the zone's file */
    log_ready();
    confine_files(NULL);
    confine_calls(FILTER_HANDLER);

    struct request request = {.at = buffers.bytes, .cap = set.service->request_max};
    bool fault = set.service->needs_book && !have_book;
    enum result result = RESULT_HIT;
    bool more = true;
    while (more) {
        more = serve_one(&set, have_book ? &book : NULL, &x, &request, &result);
        if (result == RESULT_FAULT && !fault) {
            log_fault("address book %s is broken", set.book);
            fault = true;
        }
    }
    exchange_finish(&x, buffers.bytes, sizeof(buffers.bytes));
    return fault ? STATUS_CONFIG : 0;
}

int main(int argc, char **argv) {
    touch((uintptr_t)__builtin_frame_address(0));
    return serve(argc, argv);
}
