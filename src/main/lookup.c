/* lookup: the client. Connect, send, receive, print. */
#include "data/escape.h"
#include "main/cli.h"
#include "main/version.h"
#include "net/ask.h"
#include "net/log.h"
#include "services/service.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

enum { LONGEST = 64 * 1024 }; /* answer taken, of whatever server; ours give less: ANSWER_MAX */

/* The exit status, the worst of all requests. */
enum { ANSWERED = 0, UNKNOWN = 1, TROUBLE = 2 };

static const char usage[] =
    "Usage: lookup [-46uv] [-h HOST] [-p PORT] [-U PATH] [-s lookup|clock] [-w SECONDS] [NAME "
    "...]\n"
    "Asks for the office of each NAME; with none, for each line of standard input up to\n"
    "its end or a line of -1.\n"
    "\n"
    "  -h HOST            whom to ask (localhost); -4, -6: by IPv4 or IPv6 only\n"
    "  -p PORT            where (lookup: 8084, clock: 8085)\n"
    "  -u                 by UDP, or by datagram with -U\n"
    "  -U PATH            a Unix socket instead of HOST and PORT\n"
    "  -s lookup|clock    which service it is (lookup)\n"
    "  -w SECONDS         how long to wait for each answer (5)\n"
    "  -v                 say what happens, step by step\n"
    "  --help, --version\n"
    "\n"
    "Exits 0 if all were answered, 1 if some answer was UNKNOWN, 2 on trouble.\n";

struct settings {
    struct ask_target target;
    const struct service *service;
    int64_t wait;
    bool verbose;
};

/* Usage errors are trouble like any other here, not sysexits. */
static void check(bool fine, const char *what, const char *value) {
    if (!fine)
        die(TROUBLE, "%s: %s; see --help", what, value);
}

static void client_read_option(int option, struct settings *set) {
    switch (option) {
    case '4': set->target.family = AF_INET; break;
    case '6': set->target.family = AF_INET6; break;
    case 'u': set->target.datagram = true; break;
    case 'v': set->verbose = true; break;
    case 'h': set->target.host = optarg; break;
    case 'p':
        set->target.port = optarg;
        check(cli_is_port(optarg), "neither a port from 1 to 65535 nor the name of one", optarg);
        break;
    case 'U': set->target.path = optarg; break;
    case 's':
        set->service = service_named(optarg);
        check(set->service != NULL && set->service != &hello_service, "no such service", optarg);
        break;
    case 'w':
        set->wait = cli_milliseconds(optarg);
        check(set->wait > 0, "not 0.001 to 86400 seconds", optarg);
        break;
    case 'H': cli_print_and_exit(usage);
    default: cli_print_and_exit("lookup " VERSION "\n");
    }
}

static struct settings client_read_arguments(int argc, char **argv) {
    static const struct option options[] = {
        {"help", no_argument, NULL, 'H'},
        {"version", no_argument, NULL, 'V'},
        {NULL, 0, NULL, 0},
    };
    static char port[8];
    struct settings set = {.target.host = "localhost", .service = &lookup_service, .wait = 5000};
    int option;
    while ((option = cli_option(argc, argv, ":46uvh:p:U:s:w:", options, NULL)) != -1) {
        if (option == '?' || option == ':')
            die(TROUBLE, "%s", cli_option_fault(option, argv));
        client_read_option(option, &set);
    }
    snprintf(port, sizeof(port), "%d", set.service->port);
    if (set.target.port == NULL)
        set.target.port = port;
    return set;
}

static void say(const char *line) {
    puts(line);
    fflush(stdout); /* so that the commentary keeps pace with what happens */
}

static void say_connected(void) {
    say("Connected to server");
}

static void say_sending(void) {
    say("Sending data");
}

static void print_fault(const struct settings *set, const char *fault) {
    if (set->target.path != NULL)
        log_fault("%s: %s", set->target.path, fault);
    else
        log_fault("%s port %s: %s", set->target.host, set->target.port, fault);
}

/* The answer as it is shown: its lines, and nothing that acts on a terminal. */
static void print_answer(const struct settings *set, struct span answer) {
    static char bytes[LONGEST * 4];
    struct text shown = {.at = bytes, .cap = sizeof(bytes)};
    escape(answer, "", "\n\t", &shown);
    if (set->verbose)
        fputs("Received from server: ", stdout);
    fwrite(shown.at, 1, shown.len, stdout);
    putchar('\n');
    if (set->verbose)
        say("Closing socket");
}

static int ask_for(const struct settings *set, const char *name, size_t len) {
    static char bytes[LONGEST];
    static const struct ask_steps loud = {say_connected, say_sending};
    static const struct ask_steps silent = {NULL, NULL};
    struct text answer = {.at = bytes, .cap = sizeof(bytes)};
    char *line = malloc(len + 1);
    if (line == NULL) {
        log_fault("%s", strerror(errno));
        return TROUBLE;
    }
    memcpy(line, name, len);
    line[len] = '\n';
    if (set->verbose)
        say("Starting Client");
    const char *fault = ask(&set->target, (struct span){line, len + 1}, deadline_in(set->wait),
                            set->verbose ? &loud : &silent, &answer);
    free(line);
    if (fault != NULL) {
        fflush(stdout);
        print_fault(set, fault);
        return TROUBLE;
    }
    struct span shown = text_span(&answer);
    while (shown.len > 0 && (shown.at[shown.len - 1] == '\n' || shown.at[shown.len - 1] == '\r'))
        shown.len--;
    print_answer(set, shown);
    if (span_starts(shown, SPAN("ERROR: ")))
        return TROUBLE;
    return span_starts(shown, SPAN("UNKNOWN ")) ? UNKNOWN : ANSWERED;
}

static int worse(int a, int b) {
    return a > b ? a : b;
}

static int ask_arguments(const struct settings *set, char **names) {
    int status = ANSWERED;
    for (; *names != NULL; names++) {
        /* A second line would be taken for no part of the request. */
        check(strchr(*names, '\n') == NULL, "a name cannot have a line break in it", *names);
        status = worse(status, ask_for(set, *names, strlen(*names)));
    }
    return status;
}

static void prompt(const struct settings *set) {
    const char *what = set->service == &clock_service ? "Date, Time, DateAndTime" : "a name,";
    printf("Please provide an input (%s or -1 to exit): ", what);
    fflush(stdout);
}

static int ask_lines(const struct settings *set) {
    bool terminal = isatty(STDIN_FILENO) == 1;
    int status = ANSWERED;
    char *line = NULL;
    size_t room = 0;
    for (;;) {
        if (terminal)
            prompt(set);
        ssize_t len = getline(&line, &room, stdin);
        if (len < 0)
            break;
        if (line[len - 1] == '\n')
            len--;
        if (len == 2 && memcmp(line, "-1", 2) == 0)
            break;
        status = worse(status, ask_for(set, line, (size_t)len));
        fflush(stdout);
    }
    if (ferror(stdin))
        die(TROUBLE, "standard input: %s", strerror(errno));
    if (terminal && feof(stdin))
        putchar('\n');
    free(line);
    return status;
}

int main(int argc, char **argv) {
    log_open("lookup");
    struct settings set = client_read_arguments(argc, argv);
    signal(SIGPIPE, SIG_IGN);
    int status = optind < argc ? ask_arguments(&set, argv + optind) : ask_lines(&set);
    if (fflush(stdout) == EOF || ferror(stdout))
        die(TROUBLE, "standard output: %s", strerror(errno));
    return status;
}
