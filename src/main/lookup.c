/* lookup, the client: reads the options and runs the requests. */
#include "main/lookup.h"

#include "data/utf8.h"
#include "main/cli.h"
#include "main/lookup_names.h"
#include "main/lookup_prompt.h"
#include "main/version.h"
#include "net/log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char usage[] =
    "Usage: lookup [OPTION ...] [NAME ...]\n"
    "Asks for the office of each NAME. Without a NAME, asks for each line of standard input,\n"
    "up to its end or a line -1. Quote a name of several words; else they are several names:\n"
    "    lookup \"John Smith\"\n"
    "\n"
    "  -h HOST[:PORT],... the servers to try in turn (else $LOOKUP_HOST, else localhost)\n"
    "  -p PORT            their port (else $LOOKUP_PORT, for lookup, else that of the service)\n"
    "  -4, -6             by IPv4 or IPv6 only\n"
    "  -u                 by UDP, or by datagram with -U\n"
    "  -U PATH            a Unix socket instead of HOST and PORT\n"
    "  -s SERVICE         the service to query (lookup), at its port: %s\n"
    "  -w SECONDS         how long to wait for each answer (5)\n"
    "  --label            the name and a tab before each line of its answer\n"
    "  --json             a JSON object a line for each name\n"
    "  -q                 print nothing for a name that is unknown\n"
    "  -v                 say what happens, step by step; -vv: with addresses and times\n"
    "  --help, --version\n"
    "\n"
    "Exits 0 if all were answered, 1 if some answer was UNKNOWN, 2 on trouble.\n";

/* Prints what --help says, with each service that can be asked: "lookup 8084, clock 8085". */
static _Noreturn void client_help(void) {
    char bytes[NAMES_MAX];
    struct text list = {.at = bytes, .cap = sizeof(bytes) - 1};
    const struct service *service;
    for (size_t i = 0; (service = service_at(i)) != NULL; i++) {
        if (service->unknown == NULL)
            continue;
        text_put(&list, list.len == 0 ? SPAN("") : SPAN(", "));
        text_put(&list, span_of(service->name));
        text_put(&list, SPAN(" "));
        text_put_number(&list, (size_t)service->port);
    }
    bytes[list.len] = '\0';
    cli_print_and_exit(usage, bytes);
}

/* Options as given, to detect contradictions. */
struct given {
    const char *hosts;
    const char *port;
    const char *path;
};

/* Usage errors exit with CLIENT_TROUBLE like all others, not with a status of sysexits. */
static void check(bool fine, const char *what, const char *value) {
    if (!fine)
        die(CLIENT_TROUBLE, "%s: %s; see --help", what, value);
}

static void contradiction(bool both, const char *options) {
    check(!both, "options that contradict each other", options);
}

static enum client_format client_format_of(const struct client *client, enum client_format format) {
    contradiction(client->format != FORMAT_PLAIN && client->format != format, "--json, --label");
    return format;
}

static int client_family_of(const struct client *client, int family) {
    int before = client->servers.family;
    contradiction(before != AF_UNSPEC && before != family, "-4, -6");
    return family;
}

static void client_read_option(int option, struct client *client, struct given *given) {
    switch (option) {
    case '4': client->servers.family = client_family_of(client, AF_INET); break;
    case '6': client->servers.family = client_family_of(client, AF_INET6); break;
    case 'u': client->servers.datagram = true; break;
    case 'v': client->verbose++; break;
    case 'q': client->quiet = true; break;
    case 'h': given->hosts = optarg; break;
    case 'p': given->port = optarg; break;
    case 'U': given->path = optarg; break;
    case 's':
        client->service = service_named(optarg);
        check(client->service != NULL && client->service->unknown != NULL, "no such service",
              optarg);
        break;
    case 'w':
        client->wait = cli_milliseconds(optarg);
        check(client->wait > 0, "-w takes 0.001 to 86400 seconds", optarg);
        break;
    case 'J': client->format = client_format_of(client, FORMAT_JSON); break;
    case 'L': client->format = client_format_of(client, FORMAT_LABEL); break;
    case 'H': client_help();
    default: cli_print_and_exit("lookup " VERSION "\n");
    }
}

static void client_check(const struct client *client, const struct given *given) {
    const struct servers *servers = &client->servers;
    bool verbose = client->verbose > 0;
    contradiction(given->path != NULL && given->hosts != NULL, "-U, -h");
    contradiction(given->path != NULL && given->port != NULL, "-U, -p");
    contradiction(given->path != NULL && servers->family != AF_UNSPEC, "-U, -4 or -6");
    contradiction(verbose && client->format != FORMAT_PLAIN, "-v, --json or --label");
    contradiction(verbose && client->quiet, "-v, -q");
}

static void client_check_port(const char *port) {
    check(cli_is_port(port), "neither a port from 1 to 65535 nor the name of one", port);
}

/* Returns the value of the option, or else of the variable, or else the default. An
 * empty variable counts as unset. */
static const char *client_choose(const char *given, const char *variable, const char *usual) {
    const char *value = given == NULL && variable != NULL ? getenv(variable) : given;
    return value == NULL || *value == '\0' ? usual : value;
}

static void client_drop_ports(struct servers *servers, const char *hosts) {
    servers_drop_ports(servers);
    check(!servers_have_port(servers),
          "LOOKUP_HOST has a service with ports of its own, so -h must name a host", hosts);
}

/* A port in the environment, with or without a host, applies to lookup only. Options
 * override it. */
static void client_set_servers(struct client *client, const struct given *given) {
    static char list[4096];
    static char port[8];
    struct servers *servers = &client->servers;
    if (given->path != NULL) {
        check(servers_set_path(servers, given->path), strerror(ENAMETOOLONG), given->path);
        return;
    }
    snprintf(port, sizeof(port), "%d", client->service->port);
    bool lookup = client->service == &lookup_service;
    servers->port = client_choose(given->port, lookup ? "LOOKUP_PORT" : NULL, port);
    client_check_port(servers->port);
    const char *hosts = client_choose(given->hosts, "LOOKUP_HOST", "localhost");
    int len = snprintf(list, sizeof(list), "%s", hosts);
    check(len >= 0 && (size_t)len < sizeof(list) && servers_set(servers, list),
          "not HOST, HOST:PORT, [ADDRESS]:PORT or _SERVICE, up to 16, separated by commas", hosts);
    if (given->hosts == NULL && (given->port != NULL || !lookup))
        client_drop_ports(servers, hosts);
    for (size_t i = 0; i < servers->count; i++)
        if (servers->one[i].port != NULL)
            client_check_port(servers->one[i].port);
    contradiction(given->hosts != NULL && given->port != NULL && servers_have_port(servers),
                  "-p, -h HOST:PORT");
}

static void client_read_arguments(int argc, char **argv, struct client *client) {
    static const struct option options[] = {
        {"json", no_argument, NULL, 'J'},
        {"label", no_argument, NULL, 'L'},
        {"help", no_argument, NULL, 'H'},
        {"version", no_argument, NULL, 'V'},
        {NULL, 0, NULL, 0},
    };
    struct given given = {NULL, NULL, NULL};
    int option;
    while ((option = cli_option(argc, argv, ":46uvqh:p:U:s:w:", options, NULL)) != -1) {
        if (option == '?' || option == ':')
            die(CLIENT_TROUBLE, "%s", cli_option_fault(option, argv));
        client_read_option(option, client, &given);
    }
    client_check(client, &given);
    client_set_servers(client, &given);
}

static void client_hint_at_quotes(const char *first, const char *second) {
    bool fit = strlen(first) < 64 && strlen(second) < 64;
    bool plain = utf8_is_plain(span_of(first)) && utf8_is_plain(span_of(second));
    bool means_itself = strpbrk(first, "\"\\$`!") == NULL && strpbrk(second, "\"\\$`!") == NULL;
    bool shown = fit && plain && means_itself;
    log_fault("hint: quote a name of several words: lookup \"%s %s\"", shown ? first : "John",
              shown ? second : "Smith");
}

static void client_hint(const struct client *client, int status, char **names, int count) {
    if (!client->hints || client->quiet)
        return;
    if (client->service->hint != NULL && status == CLIENT_UNKNOWN)
        log_fault("hint: %s", client->service->hint);
    else if (client->service == &lookup_service && count > 1 && !client->exact)
        client_hint_at_quotes(names[0], names[1]);
}

static int client_ask_arguments(struct client *client, char **names, int count) {
    for (int i = 0; i < count; i++) /* servers ignore a second line */
        check(strchr(names[i], '\n') == NULL, "a name cannot have a line break in it", names[i]);
    client->hints = isatty(STDERR_FILENO) == 1;
    int status = names_ask(client, names);
    client_hint(client, status, names, count);
    return status;
}

static int client_ask_lines(struct client *client) {
    int error = 0;
    int status = isatty(STDIN_FILENO) == 1 ? prompt_run(client, &error)
                                           : names_ask_lines(client, STDIN_FILENO, &error);
    if (error == 0)
        return status;
    fflush(stdout); /* the answers come before the message */
    die(CLIENT_TROUBLE, "standard input: %s",
        error == EMSGSIZE ? "a line is longer than 1 MiB, so it is no name" : strerror(error));
}

int main(int argc, char **argv) {
    static struct client client = {.service = &lookup_service, .wait = 5000};
    log_open("lookup");
    cli_occupy_standard();
    client_read_arguments(argc, argv, &client);
    int status = optind < argc ? client_ask_arguments(&client, argv + optind, argc - optind)
                               : client_ask_lines(&client);
    if (fflush(stdout) == EOF || ferror(stdout)) {
        if (errno == EPIPE) /* with SIGPIPE ignored, stay silent as with the signal */
            return CLIENT_TROUBLE;
        die(CLIENT_TROUBLE, "standard output: %s", strerror(errno));
    }
    return status;
}
