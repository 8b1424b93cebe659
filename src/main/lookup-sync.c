/* lookup-sync: keeps an address book in step with an LDAP directory. */
#include "compile/folder.h"
#include "main/cli.h"
#include "main/version.h"
#include "net/log.h"
#include "sync/kerberos.h"
#include "sync/sandbox.h"
#include "sync/secret.h"
#include "sync/status.h"
#include "sync/sync.h"
#include "sync/watch.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char usage[] =
    "Usage: lookup-sync [--config FILE] [OPTION ...]\n"
    "\n"
    "Fetches what has changed in the directory, and makes the book from it.\n"
    "  --config FILE    instead of " SYNC_CONFIG_PATH "\n"
    "  --dry-run        says what would change\n"
    "  --full           fetches everything\n"
    "  --accept-shrink  accepts a result with suspiciously few names, this time\n"
    "  --watch          does not end, and fetches each change\n"
    "  --verbose        says what it does\n"
    "or one of\n"
    "  --check-config   says what is wrong in FILE\n"
    "  --status         prints how the last runs went\n"
    "  --metrics        prints the same for Prometheus\n"
    "  --help, --version\n";

enum mode { MODE_RUN, MODE_CHECK, MODE_STATUS, MODE_METRICS };

struct sync_options {
    const char *config;
    enum mode mode;
    bool watch;
    struct sync_run_options run;
};

static const struct option long_options[] = {
    {"config", required_argument, NULL, 'c'}, {"dry-run", no_argument, NULL, 'n'},
    {"full", no_argument, NULL, 'f'},         {"accept-shrink", no_argument, NULL, 'a'},
    {"watch", no_argument, NULL, 'w'},        {"verbose", no_argument, NULL, 'v'},
    {"check-config", no_argument, NULL, 'C'}, {"status", no_argument, NULL, 's'},
    {"metrics", no_argument, NULL, 'm'},      {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},      {NULL, 0, NULL, 0},
};

/* A wrong option ends the program. */
static struct sync_options read_sync_options(int argc, char **argv) {
    struct sync_options options = {.config = SYNC_CONFIG_PATH};
    int option;
    while ((option = cli_option(argc, argv, ":", long_options, NULL)) != -1) {
        switch (option) {
        case 'c': options.config = optarg; break;
        case 'n': options.run.dry_run = true; break;
        case 'f': options.run.full = true; break;
        case 'a': options.run.accept_shrink = true; break;
        case 'w': options.watch = true; break;
        case 'v': options.run.verbose = true; break;
        case 'C': options.mode = MODE_CHECK; break;
        case 's': options.mode = MODE_STATUS; break;
        case 'm': options.mode = MODE_METRICS; break;
        case 'h': cli_print_and_exit(usage);
        case 'V': cli_print_and_exit("lookup-sync " VERSION "\n");
        default: die(STATUS_USAGE, "%s", cli_option_fault(option, argv));
        }
    }
    if (optind < argc)
        die(STATUS_USAGE, "unexpected argument: %s; see --help", argv[optind]);
    if (options.watch && (options.run.dry_run || options.run.full || options.run.accept_shrink ||
                          options.mode != MODE_RUN))
        die(STATUS_USAGE, "--watch can be given only with --config and --verbose");
    return options;
}

/* Reports errors in the format of compilers: FILE:LINE: WHAT. */
static void tell_problem(const char *file, unsigned long line, const char *what) {
    if (line > 0)
        log_fault("%s:%lu: %s", file, line, what);
    else
        log_fault("%s: %s", file, what);
}

static void tell_fault(const char *line) {
    log_fault("%s", line);
}

static void tell_note(const char *line) {
    printf("%s\n", line);
    fflush(stdout);
}

/* Drops warnings: in a directory, several offices of one name are normal. */
static void tell_compile_problem(const char *file, unsigned long line, const char *what) {
    if (strncmp(what, "warning: ", 9) != 0)
        tell_problem(file, line, what);
}

static void tell_no_progress(unsigned long count, const char *of) {
    (void)count, (void)of;
}

static int print_status(const struct sync_config *config, enum mode mode) {
    struct sync_status status;
    status_read(config->state, &status);
    if (mode == MODE_STATUS)
        status_print(stdout, &status, time(NULL));
    else
        status_print_metrics(stdout, &status);
    if (fflush(stdout) == EOF || ferror(stdout))
        die(STATUS_SYSTEM, "standard output: %s", strerror(errno));
    return 0;
}

/* Reads the secret as root, then drops the rights of root: the owner of the state's
 * folder could redirect root to other files. */
static int run(struct sync_config *config, struct sync_options *options,
               const struct sync_report *report) {
    char secret[SECRET_MAX];
    struct folder folder;
    char why[SECRET_WHY];
    if (secret_read(config, secret, why) < 0 || kerberos_prepare(config, why) < 0)
        die(STATUS_CONFIG, "%s", why);
    int result = folder_find(config->state, &folder);
    if (result == 0)
        result = folder_act_as_owner(&folder);
    if (result < 0)
        die(STATUS_CANNOT_CREATE, "%s: %s", config->state, strerror(errno));
    folder_close(&folder);
    if (sandbox_enter(config) < 0)
        log_fault("not confined by Landlock: %s", strerror(errno));
    options->run.secret = secret;
    enum outcome outcome = (options->watch ? watch : sync_run)(config, &options->run, report);
    explicit_bzero(secret, sizeof(secret));
    return cli_status(outcome);
}

static int act(struct sync_config *config, struct sync_options *options) {
    const struct sync_report report = {
        tell_fault, tell_note, cli_status, {tell_compile_problem, tell_no_progress}};
    switch (options->mode) {
    case MODE_CHECK: return 0;
    case MODE_STATUS:
    case MODE_METRICS: return print_status(config, options->mode);
    default: return run(config, options, &report);
    }
}

int main(int argc, char **argv) {
    struct sync_config config;
    log_open("lookup-sync");
    cli_occupy_standard();
    /* The environment or an ldaprc could turn off certificate checks (ldap.conf(5)). */
    setenv("LDAPNOINIT", "1", 1);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* makes the file size limit an error like a full disk */
    struct sync_options options = read_sync_options(argc, argv);
    int status = cli_status(config_read(&config, options.config, tell_problem));
    if (status == 0)
        status = act(&config, &options);
    config_free(&config);
    return status;
}
