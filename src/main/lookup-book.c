/* lookup-book: makes and inspects address books. */
#include "compile/compile.h"
#include "compile/verify.h"
#include "data/entries.h"
#include "data/escape.h"
#include "data/sigbus.h"
#include "formats/charset.h"
#include "main/cli.h"
#include "main/version.h"
#include "net/confine.h"
#include "net/log.h"
#include "services/service.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char usage[] =
    "Usage: lookup-book compile [OPTION ...] SOURCE ... BOOK\n"
    "       lookup-book list BOOK\n"
    "       lookup-book check BOOK\n"
    "       lookup-book query BOOK NAME\n"
    "\n"
    "compile  makes BOOK of all SOURCEs (\"-\": standard input)\n"
    "  --format plain|csv|ldif|vcard   their format, if not as their names end\n"
    "  --charset NAME                  their charset, if not UTF-8\n"
    "  --name-column, --office-column COLUMN   of CSV, by its header or its number\n"
    "  --no-header                     CSV has none\n"
    "  --office-attribute NAME         of LDIF\n"
    "  --strict      one name with two offices is an error\n"
    "  --force       an empty SOURCE may replace a book that is not\n"
    "  --keep-going  lists every error before it fails\n"
    "  --skip-bad    leaves out each entry that has an error\n"
    "  --exact-only  makes no word index\n"
    "  --verbose     counts the lines that mean nothing, too\n"
    "list     prints the entries, as compile takes them\n"
    "check    verifies every record of a book\n"
    "query    prints what lookup-handler would answer; exits 1 if it knows no such name\n"
    "--help, --version\n";

/* What the options say. */
struct book_options {
    struct compile_options compile; /* only the fields that come from options */
    const char *given;              /* an option that only compile has; NULL: none was given */
};

static const struct option long_options[] = {
    {"format", required_argument, NULL, 'f'},
    {"charset", required_argument, NULL, 'c'},
    {"name-column", required_argument, NULL, 'n'},
    {"office-column", required_argument, NULL, 'o'},
    {"no-header", no_argument, NULL, 'N'},
    {"office-attribute", required_argument, NULL, 'a'},
    {"strict", no_argument, NULL, 's'},
    {"force", no_argument, NULL, 'F'},
    {"keep-going", no_argument, NULL, 'k'},
    {"skip-bad", no_argument, NULL, 'b'},
    {"exact-only", no_argument, NULL, 'x'},
    {"verbose", no_argument, NULL, 'v'},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

static const struct format *format_or_die(const char *name) {
    const struct format *format = format_named(name);
    if (format == NULL)
        die(STATUS_USAGE, "no such format: %s", name);
    return format;
}

static const char *charset_or_die(const char *name) {
    if (!charset_is_known(name))
        die(STATUS_USAGE, "no such charset: %s", name);
    return name;
}

/* Leaves optind after the options. A wrong option ends the program. */
static struct book_options read_book_options(int argc, char **argv) {
    struct book_options read = {0};
    struct compile_options *options = &read.compile;
    int option;
    int which = 0;
    while ((option = cli_option(argc, argv, ":", long_options, &which)) != -1) {
        switch (option) {
        case 'f': options->format = format_or_die(optarg); break;
        case 'c': options->how.charset = charset_or_die(optarg); break;
        case 'n': options->how.name_column = optarg; break;
        case 'o': options->how.office_column = optarg; break;
        case 'N': options->how.no_header = true; break;
        case 'a': options->how.office_attribute = optarg; break;
        case 's': options->strict = true; break;
        case 'F': options->force = true; break;
        case 'k': options->keep_going = true; break;
        case 'b': options->skip_bad = true; break;
        case 'x': options->exact_only = true; break;
        case 'v': options->verbose = true; break;
        case 'h': cli_print_and_exit(usage);
        case 'V': cli_print_and_exit("lookup-book " VERSION "\n");
        default: die(STATUS_USAGE, "%s", cli_option_fault(option, argv));
        }
        read.given = long_options[which].name;
    }
    return read;
}

static void print_progress(unsigned long count, const char *of) {
    if (isatty(STDERR_FILENO) == 0)
        return;
    if (count > 0)
        fprintf(stderr, "\r\033[K%lu %s", count, of);
    else
        fputs("\r\033[K", stderr);
}

/* Escapes s: file names and text of sources must not act on a terminal. */
static void print_shown(FILE *to, const char *s) {
    char bytes[4 * PATH_MAX];
    struct text shown = {.at = bytes, .cap = sizeof(bytes)};
    size_t len = strlen(s);
    escape((struct span){s, len < PATH_MAX ? len : PATH_MAX}, "", "", &shown);
    fwrite(shown.at, 1, shown.len, to);
}

/* Prints errors in the format of compilers: FILE:LINE: WHAT. */
static void print_problem(const char *file, unsigned long line, const char *what) {
    print_progress(0, NULL);
    if (file != NULL) {
        print_shown(stderr, file);
        putc(':', stderr);
        if (line > 0)
            fprintf(stderr, "%lu:", line);
        putc(' ', stderr);
    }
    print_shown(stderr, what);
    putc('\n', stderr);
}

static void confine(bool verbose, int folder) {
    log_ready();
    const char *missing = confine_import(folder);
    if (missing != NULL && verbose)
        log_fault("not confined by %s: %s", missing, strerror(errno));
}

static void open_or_die(struct book *book, const char *path) {
    if (book_open(book, path) == 0) {
        confine(false, -1);
        return;
    }
    if (errno == EBADMSG || errno == ENOTSUP)
        die(STATUS_CONFIG, "%s: %s", path, book_fault(errno));
    die(errno == ENOENT ? STATUS_NO_INPUT : STATUS_SYSTEM, "%s: %s", path, strerror(errno));
}

/* Results from a book that was changed in place in between may be wrong. */
static void die_unless_intact(const struct book *book, const char *path) {
    if (!book_is_intact(book))
        die(STATUS_CONFIG, "%s: changed in place while it was read", path);
}

static void flush_or_die(void) {
    if (fflush(stdout) == EOF || ferror(stdout))
        die(STATUS_SYSTEM, "standard output: %s", strerror(errno));
}

static void confine_compile(const struct compile_options *options, int folder) {
    confine(options->verbose, folder);
}

static int run_compile(struct compile_options *options, char **paths, int count) {
    struct compile_summary summary;
    options->sources = paths;
    options->count = (unsigned)count - 1;
    options->book = paths[count - 1];
    options->confine = confine_compile;
    options->report = (struct compile_report){print_problem, print_progress};
    signal(SIGXFSZ, SIG_IGN); /* makes the file size limit an error like a full disk */
    enum outcome outcome = compile(options, &summary);
    if (outcome != OUTCOME_DONE)
        return cli_status(outcome);
    print_shown(stdout, options->book);
    printf(": %lu entries, %lu names, %lu duplicates left out, %lu skipped", summary.entries,
           summary.names, summary.duplicates, summary.skipped);
    if (summary.passed > 0)
        printf(", %lu without a name or an office", summary.passed);
    if (options->verbose)
        printf(", %lu lines that mean nothing", summary.ignored);
    putchar('\n');
    flush_or_die();
    return 0;
}

static int run_list(const char *path) {
    struct book book;
    struct entries walk = {0};
    struct book_entry entry = {0};
    int more;
    open_or_die(&book, path);
    bool terminal = isatty(STDOUT_FILENO) != 0;
    while ((more = entries_next(&book, &walk, &entry)) > 0)
        plain_write(stdout, entry.name, entry.office, terminal);
    flush_or_die();
    die_unless_intact(&book, path);
    if (more < 0)
        die(STATUS_CONFIG, "%s: broken after %lu entries", path, (unsigned long)walk.next);
    return 0;
}

/* Prints the age in the largest unit of which it has at least two. */
static void print_age(time_t made) {
    static const struct {
        const char *name;
        long seconds;
    } units[] = {{"days", 86400}, {"hours", 3600}, {"minutes", 60}, {"seconds", 1}};
    long age = (long)(time(NULL) - made);
    size_t unit = 0;
    while (units[unit].seconds > 1 && age / units[unit].seconds < 2)
        unit++;
    printf(", made %ld %s ago", age / units[unit].seconds, units[unit].name);
}

static int run_check(const char *path) {
    struct book book;
    struct stat st;
    unsigned long entries = 0;
    open_or_die(&book, path);
    const char *fault = verify_book(&book, &entries);
    die_unless_intact(&book, path);
    if (fault != NULL)
        die(STATUS_CONFIG, "%s: %s", path, fault);
    print_shown(stdout, path);
    printf(": sound, %lu entries, %lu bytes", entries, (unsigned long)book.image.size);
    if (stat(path, &st) == 0)
        print_age(st.st_mtime);
    putchar('\n');
    flush_or_die();
    return 0;
}

/* Prints the answer, escaped only on a terminal. */
static void print_answer(struct span answer) {
    static char bytes[4 * ANSWER_MAX];
    struct text shown = {.at = bytes, .cap = sizeof(bytes)};
    if (isatty(STDOUT_FILENO) != 0)
        escape(answer, "", "\n", &shown);
    else
        text_put(&shown, answer);
    fwrite(shown.at, 1, shown.len, stdout);
    putchar('\n');
}

/* Calls the service itself, so that the answer is the one that a client gets. */
static int run_query(const char *path, char *name) {
    static char bytes[ANSWER_MAX];
    struct book book;
    struct text answer = {.at = bytes, .cap = sizeof(bytes)};
    struct request request = {.at = name, .len = strlen(name), .ending = ENDING_EOF};
    struct request_context context = {.book = &book};
    open_or_die(&book, path);
    enum result result = lookup_service.answer(&request, &context, &answer);
    die_unless_intact(&book, path);
    print_answer(text_span(&answer));
    flush_or_die();
    if (result == RESULT_FAULT)
        die(STATUS_CONFIG, "%s: broken", path);
    return result == RESULT_HIT ? 0 : result == RESULT_MISS ? 1 : STATUS_USAGE;
}

static int run(struct book_options *read, const char *command, char **rest, int count) {
    if (strcmp(command, "compile") == 0 && count >= 2)
        return run_compile(&read->compile, rest, count);
    if (read->given != NULL)
        die(STATUS_USAGE, "--%s is for: compile SOURCE ... BOOK", read->given);
    if (strcmp(command, "list") == 0 && count == 1)
        return run_list(rest[0]);
    if (strcmp(command, "check") == 0 && count == 1)
        return run_check(rest[0]);
    if (strcmp(command, "query") == 0 && count == 2)
        return run_query(rest[0], rest[1]);
    die(STATUS_USAGE, "it takes compile SOURCE ... BOOK, list BOOK, check BOOK or query BOOK NAME; "
                      "see --help");
}

struct job {
    int argc;
    char **argv;
    int status;
};

static void run_job(void *context) {
    struct job *job = context;
    struct book_options read = read_book_options(job->argc, job->argv);
    const char *command = optind < job->argc ? job->argv[optind] : "";
    job->status = run(&read, command, job->argv + optind + 1, job->argc - optind - 1);
}

int main(int argc, char **argv) {
    struct job job = {argc, argv, 0};
    log_open("lookup-book");
    sigbus_catch();
    if (sigbus_try(run_job, &job) < 0) {
        bool compiles = strcmp(argv[optind], "compile") == 0;
        die(STATUS_CONFIG, "%s: changed in place while it was read",
            argv[compiles ? argc - 1 : optind + 1]);
    }
    return job.status;
}
