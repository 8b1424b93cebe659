/* lookup-server: one process, every kind of socket, gone when idle. */
#include "main/cli.h"
#include "main/version.h"
#include "net/confine.h"
#include "net/log.h"
#include "server/journal.h"
#include "server/notify.h"
#include "server/sockets.h"
#include "server/workers.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char usage[] =
    "Usage: lookup-server [OPTION ...] [lookup|clock|hello]\n"
    "Answers many requests on the sockets it is given: by systemd (LISTEN_FDS; a socket's\n"
    "service is what it is named, else the one given), or one on descriptor 0 by inetd or\n"
    "xinetd (\"wait\"). To be started when the first request arrives.\n"
    "\n"
    "  --book FILE        the address book (else $LOOKUP_BOOK, else " BOOK_PATH ")\n"
    "  --session          answer request after request on each connection\n"
    "  --timeout SECONDS  from the first byte awaited to the last one sent (10)\n"
    "  --idle SECONDS     exit after this long without a client (60); 0: never\n"
    "  --workers N        processes to share the work, 1 to 64 (1); auto: one a core\n"
    "  --verbose          log one line a request\n"
    "  --help, --version\n";

struct settings {
    const char *book;
    bool verbose;
    size_t workers;
    const struct service *service; /* NULL: none was given */
    struct loop_order order;
};

static int64_t read_seconds(const char *option, const char *text, bool zero) {
    int64_t value = zero && strcmp(text, "0") == 0 ? 0 : cli_milliseconds(text);
    if (value < 0)
        die(STATUS_USAGE, "%s takes 0.001 to 86400 seconds", option);
    return value;
}

static size_t read_workers(const char *text) {
    long count = strcmp(text, "auto") == 0 ? sysconf(_SC_NPROCESSORS_ONLN) : 0;
    char *end = NULL;
    if (count == 0 && text[0] >= '0' && text[0] <= '9')
        count = strtol(text, &end, 10);
    if ((end != NULL && *end != '\0') || count < 1 || (end != NULL && count > WORKERS_MAX))
        die(STATUS_USAGE, "--workers takes 1 to %d, or auto", WORKERS_MAX);
    return count < WORKERS_MAX ? (size_t)count : WORKERS_MAX;
}

static void read_option(int option, struct settings *set) {
    switch (option) {
    case 'b': set->book = optarg; break;
    case 's': set->order.session = true; break;
    case 't': set->order.timeout = read_seconds("--timeout", optarg, false); break;
    case 'i': set->order.idle = read_seconds("--idle", optarg, true); break;
    case 'w': set->workers = read_workers(optarg); break;
    case 'v': set->verbose = true; break;
    case 'h': cli_print_and_exit(usage);
    default: cli_print_and_exit("lookup-server " VERSION "\n");
    }
}

static struct settings read_arguments(int argc, char **argv) {
    static const struct option options[] = {
        {"book", required_argument, NULL, 'b'},
        {"session", no_argument, NULL, 's'},
        {"timeout", required_argument, NULL, 't'},
        {"idle", required_argument, NULL, 'i'},
        {"workers", required_argument, NULL, 'w'},
        {"verbose", no_argument, NULL, 'v'},
        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'V'},
        {NULL, 0, NULL, 0},
    };
    struct settings set = {.book = getenv("LOOKUP_BOOK"), .workers = 1};
    set.order.timeout = 10000;
    set.order.idle = 60000;
    int option;
    opterr = 0;
    while ((option = getopt_long(argc, argv, ":", options, NULL)) != -1) {
        if (option == '?' || option == ':')
            die(STATUS_USAGE, "%s", cli_option_fault(option, argv));
        read_option(option, &set);
    }
    if (argc - optind > 1)
        die(STATUS_USAGE, "at most one service can be given");
    if (argc - optind == 1 && (set.service = service_named(argv[optind])) == NULL)
        die(STATUS_USAGE, "no such service: %s", argv[optind]);
    if (set.book == NULL || set.book[0] == '\0')
        set.book = BOOK_PATH;
    return set;
}

/* Blocked, they are read where they can be seen to. */
static void block_signals(void) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGCHLD);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
}

struct alone {
    struct report report;
    struct stats stats;
};

static void alone_round(void *context, bool stopping) {
    struct alone *alone = context;
    if (stopping)
        report_stopping(&alone->report, &alone->stats);
    report_round(&alone->report, &alone->stats, true);
}

/* A single worker needs nobody to look after it but the service manager. */
static int run_alone(const struct loop_order *order, const struct desk *desk) {
    struct alone alone = {0};
    struct loop_order mine = *order;
    struct desk own = *desk;
    report_ready(&alone.report);
    mine.beat = report_beat(&alone.report);
    mine.round = alone_round;
    mine.context = &alone;
    own.stats = &alone.stats;
    int result = loop_run(&mine, &own);
    report_stopping(&alone.report, &alone.stats);
    return result;
}

int main(int argc, char **argv) {
    static struct listener listeners[SOCKETS_MAX];
    log_open("lookup-server");
    journal_use();
    struct settings set = read_arguments(argc, argv);
    set.order.listeners = listeners;
    char why[SOCKETS_WHY_MAX];
    int count = sockets_open(set.service, listeners, why);
    if (count < 0)
        die(STATUS_USAGE, "%s", why);
    set.order.listener_count = (size_t)count;
    set.order.connections = sockets_connections();
    set.order.may_look = sysconf(_SC_NPROCESSORS_ONLN) > (long)set.workers;
    block_signals();
    tzset();
    struct desk desk = {.verbose = set.verbose};
    for (size_t i = 0; i < set.order.listener_count; i++)
        if (listeners[i].service->needs_book)
            desk.path = set.book;
    desk_refresh(&desk);
    log_ready();
    confine_files(desk.path);
    int result = set.workers == 1 ? run_alone(&set.order, &desk)
                                  : workers_run(set.workers, &set.order, &desk);
    if (result < 0)
        die(STATUS_SYSTEM, "%s", strerror(errno));
    return 0;
}
