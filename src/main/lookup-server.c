/* lookup-server: serves every kind of socket in one process, and exits when idle. */
#include "data/sigbus.h"
#include "main/cli.h"
#include "main/version.h"
#include "net/confine.h"
#include "net/log.h"
#include "server/journal.h"
#include "server/notify.h"
#include "server/sockets.h"
#include "server/workers.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char usage[] =
    "Usage: lookup-server [OPTION ...] [%s]\n"
    "Answers many requests on the sockets that it is started with. systemd passes several\n"
    "(LISTEN_FDS), each with the name of its service. inetd and xinetd (\"wait\") pass one as\n"
    "descriptor 0. All of them start it when the first request arrives.\n"
    "\n"
    "  --book FILE        the address book (else $LOOKUP_BOOK, else " BOOK_PATH ")\n"
    "  --session          answer many requests on each connection\n"
    "  --timeout SECONDS  how long an exchange may take (10)\n"
    "  --idle SECONDS     exit after this long without a client (60); 0: never\n"
    "  --workers N        number of processes, 1 to 64 (1); auto: one for each core\n"
    "  --rate N           answers a second by datagram to one network (2000), a fortieth of it\n"
    "                     to one client; 0: no limit\n"
    "  --metrics          serve metrics for Prometheus at /metrics of the service hello\n"
    "  --proxy-from NETWORK[,NETWORK ...]\n"
    "                     only connections from there begin with a proxy's header\n"
    "  --verbose          log a line for each request\n"
    "  --help, --version\n";

struct settings {
    const char *book;
    bool verbose;
    bool metrics;
    size_t workers;
    unsigned rate;                 /* datagram answers a second to a network; 0: no limit */
    const struct service *service; /* NULL: not given */
    struct loop_options options;
};

static int64_t read_seconds(const char *option, const char *text, bool zero) {
    int64_t value = zero && strcmp(text, "0") == 0 ? 0 : cli_milliseconds(text);
    if (value < 0)
        die(STATUS_USAGE, "%s takes 0.001 to 86400 seconds", option);
    return value;
}

static size_t read_workers(const char *text) {
    bool by_cores = strcmp(text, "auto") == 0;
    int64_t count = by_cores ? sysconf(_SC_NPROCESSORS_ONLN) : cli_number(text, 0, WORKERS_MAX);
    if (count < 1)
        die(STATUS_USAGE, "--workers takes 1 to %d, or auto", WORKERS_MAX);
    return count < WORKERS_MAX ? (size_t)count : WORKERS_MAX;
}

static unsigned read_rate(const char *text) {
    int64_t rate = cli_number(text, 0, RATE_MAX);
    if (rate < 0)
        die(STATUS_USAGE, "--rate takes 0 to %d", RATE_MAX);
    return (unsigned)rate;
}

static void read_networks(const char *text, struct networks *networks) {
    char why[NETWORKS_WHY_MAX];
    if (networks_add(networks, text, why) < 0)
        die(STATUS_USAGE, "--proxy-from takes networks such as 192.0.2.0/24: %s", why);
}

static void server_read_option(int option, struct settings *set) {
    char names[SERVICE_NAMES_MAX];
    switch (option) {
    case 'b': set->book = optarg; break;
    case 's': set->options.session = true; break;
    case 't': set->options.timeout = read_seconds("--timeout", optarg, false); break;
    case 'i': set->options.idle = read_seconds("--idle", optarg, true); break;
    case 'w': set->workers = read_workers(optarg); break;
    case 'r': set->rate = read_rate(optarg); break;
    case 'm': set->metrics = true; break;
    case 'p': read_networks(optarg, &set->options.proxies); break;
    case 'v': set->verbose = true; break;
    case 'h': cli_print_and_exit(usage, service_names("|", "|", names));
    default: cli_print_and_exit("lookup-server " VERSION "\n");
    }
}

static struct settings server_read_arguments(int argc, char **argv) {
    static const struct option options[] = {
        {"book", required_argument, NULL, 'b'},    {"session", no_argument, NULL, 's'},
        {"timeout", required_argument, NULL, 't'}, {"idle", required_argument, NULL, 'i'},
        {"workers", required_argument, NULL, 'w'}, {"rate", required_argument, NULL, 'r'},
        {"metrics", no_argument, NULL, 'm'},       {"proxy-from", required_argument, NULL, 'p'},
        {"verbose", no_argument, NULL, 'v'},       {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'V'},       {NULL, 0, NULL, 0},
    };
    struct settings set = {.book = getenv("LOOKUP_BOOK"), .workers = 1, .rate = RATE_DEFAULT};
    set.options.timeout = 10000;
    set.options.idle = 60000;
    int option;
    while ((option = cli_option(argc, argv, ":", options, NULL)) != -1) {
        if (option == '?' || option == ':')
            die(STATUS_USAGE, "%s", cli_option_fault(option, argv));
        server_read_option(option, &set);
    }
    if (argc - optind > 1)
        die(STATUS_USAGE, "at most one service can be given");
    if (argc - optind == 1 && (set.service = service_named(argv[optind])) == NULL)
        die(STATUS_USAGE, "no such service: %s", argv[optind]);
    if (set.book == NULL || set.book[0] == '\0')
        set.book = BOOK_PATH;
    return set;
}

/* inetd passes the listening socket as standard output and error too. A server that
 * stops must be able to close it. */
static void drop_copies_of_stdin(void) {
    struct stat in;
    struct stat copy;
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null < 0)
        return;
    for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++)
        if (fstat(STDIN_FILENO, &in) == 0 && S_ISSOCK(in.st_mode) && fstat(fd, &copy) == 0 &&
            in.st_dev == copy.st_dev && in.st_ino == copy.st_ino)
            dup2(null, fd);
    close(null);
}

/* A connection must not get the number of a closed standard descriptor. */
static void ensure_standard_fds(void) {
    int fd;
    while ((fd = open("/dev/null", O_RDWR | O_CLOEXEC)) >= 0 && fd <= STDERR_FILENO)
        ;
    if (fd >= 0)
        close(fd);
}

/* Blocks the signals; they are read at the points where they can be handled. */
static void block_signals(void) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGCHLD);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
}

struct single {
    struct notify notify;
    struct stats stats;
    const struct responder *responder;
    int64_t timeout;
};

static deadline single_tick(void *context, bool stopping) {
    struct single *single = context;
    single->stats.book = responder_book_time(single->responder);
    if (stopping)
        notify_stopping(&single->notify, &single->stats, single->timeout);
    return notify_tick(&single->notify, &single->stats, true);
}

/* Runs a single worker without a supervisor; the service manager supervises it. */
static int run_single(const struct loop_options *options, const struct responder *responder) {
    struct single single = {.timeout = options->timeout};
    struct loop_options mine = *options;
    struct responder own = *responder;
    own.stats = &single.stats;
    single.responder = &own;
    single.stats.book = responder_book_time(&own);
    notify_ready(&single.notify, &single.stats);
    mine.heartbeat = notify_heartbeat(&single.notify);
    mine.on_tick = single_tick;
    mine.context = &single;
    if (own.metrics != NULL)
        own.metrics->workers = own.stats;
    int result = loop_run(&mine, &own);
    responder_close(&own);
    notify_stopping(&single.notify, &single.stats, single.timeout);
    return result;
}

int main(int argc, char **argv) {
    static struct listener listeners[SOCKETS_MAX];
    log_open("lookup-server");
    ensure_standard_fds();
    drop_copies_of_stdin();
    journal_use();
    struct settings set = server_read_arguments(argc, argv);
    set.options.listeners = listeners;
    char why[SOCKETS_WHY_MAX];
    int count = sockets_open(set.service, listeners, why);
    if (count < 0)
        die(STATUS_USAGE, "%s", why);
    set.options.listener_count = (size_t)count;
    set.options.connections = sockets_connections();
    if (set.rate > 0 && (set.options.limit = rate_limit_new(set.rate)) == NULL)
        die(STATUS_SYSTEM, "%s", strerror(errno));
    set.options.busy_poll = sysconf(_SC_NPROCESSORS_ONLN) > (long)set.workers;
    block_signals();
    /* Stop if the superserver dies, because its successor needs the sockets. */
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    sigbus_catch();
    tzset();
    struct metrics metrics = {.count = 1, .version = VERSION, .started = time(NULL)};
    struct book_faults faults = {0};
    struct responder responder = {.verbose = set.verbose, .faults = &faults};
    if (set.metrics)
        responder.metrics = &metrics;
    bool tells_time = false;
    for (size_t i = 0; i < set.options.listener_count; i++) {
        if (listeners[i].service->needs_book) {
            responder.path = set.book;
            responder.book_wanted |= !listeners[i].service->book_optional;
        }
        tells_time = tells_time || listeners[i].service->tells_time;
    }
    book_reload_if_changed(&responder);
    log_ready();
    confine_files(responder.path, tells_time);
    int result = set.workers == 1 ? run_single(&set.options, &responder)
                                  : workers_run(set.workers, &set.options, &responder);
    if (result < 0)
        die(STATUS_SYSTEM, "%s", strerror(errno));
    return result == 0 ? 0 : STATUS_SYSTEM;
}
