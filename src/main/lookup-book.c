/* lookup-book: makes and inspects address books. */
#include "compile/compile.h"
#include "compile/verify.h"
#include "data/entries.h"
#include "data/escape.h"
#include "data/fold.h"
#include "data/sigbus.h"
#include "formats/charset.h"
#include "formats/output.h"
#include "main/book_commands.h"
#include "main/book_json.h"
#include "main/cli.h"
#include "main/version.h"
#include "net/confine.h"
#include "net/log.h"
#include "services/line.h"
#include "services/offices.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* What the options say. */
struct book_options {
    struct compile_options compile; /* only the fields that come from options */
    const char *format;             /* of the sources, or of a list */
    bool json;                      /* for query */
    bool help;
    unsigned long given; /* bit N is set if the option long_options[N] was given */
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
    {"json", no_argument, NULL, 'j'},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

/* The commands that have an option. */
static unsigned option_commands(int value) {
    return value == 'f' ? COMPILE | LIST : value == 'j' ? QUERY : COMPILE;
}

static void check_options(const struct book_options *read, enum command_bit command) {
    char names[NAMES_MAX];
    for (int i = 0; long_options[i].name != NULL; i++) {
        unsigned commands = option_commands(long_options[i].val);
        if ((read->given >> i & 1) == 0 || (commands & command) != 0)
            continue;
        die(STATUS_USAGE, "--%s is an option of %s; see --help", long_options[i].name,
            command_names(commands, names));
    }
}

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
    while ((option = cli_option(argc, argv, ":h", long_options, &which)) != -1) {
        switch (option) {
        case 'f': read.format = optarg; break;
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
        case 'j': read.json = true; break;
        case 'h': read.help = true; continue;
        case 'V': cli_print_and_exit("lookup-book " VERSION "\n");
        default: die(STATUS_USAGE, "%s", cli_option_fault(option, argv));
        }
        read.given |= 1UL << which;
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

/* Nothing is said of none. */
static void print_count(unsigned long count, const char *one, const char *several) {
    if (count > 0)
        printf(", %lu %s", count, count == 1 ? one : several);
}

static void print_entries(const char *before, unsigned long count) {
    if (count > 0)
        printf("%s%lu %s", before, count, count == 1 ? "entry" : "entries");
    else
        printf("%sno entries", before);
}

static void confine_compile(const struct compile_options *options, int folder) {
    confine(options->verbose, folder);
}

static int run_compile(const struct book_options *read, char **paths, int count) {
    struct compile_summary summary;
    struct compile_options all = read->compile;
    struct compile_options *options = &all;
    options->format = read->format == NULL ? NULL : format_or_die(read->format);
    options->sources = paths;
    options->count = (unsigned)count - 1;
    options->book = paths[count - 1];
    options->confine = confine_compile;
    options->without_index = "--exact-only";
    options->report = (struct compile_report){print_problem, print_progress};
    signal(SIGXFSZ, SIG_IGN); /* makes the file size limit an error like a full disk */
    enum outcome outcome = compile(options, &summary);
    if (outcome != OUTCOME_DONE)
        return cli_status(outcome);
    print_shown(stdout, options->book);
    print_entries(": ", summary.entries);
    print_count(summary.names, "name", "names");
    print_count(summary.duplicates, "duplicate left out", "duplicates left out");
    print_count(summary.skipped, "skipped", "skipped");
    print_count(summary.passed, "without a name or an office", "without a name or an office");
    if (options->verbose)
        print_count(summary.ignored, "line without meaning", "lines without meaning");
    putchar('\n');
    flush_or_die();
    return 0;
}

static const struct output *output_or_die(const char *name) {
    const struct output *output = output_named(name == NULL ? "plain" : name);
    char names[NAMES_MAX];
    if (output == NULL)
        die(STATUS_USAGE, "list has no format %s, only %s", name,
            output_names(", ", " and ", names));
    return output;
}

static int run_list(const struct book_options *read, const char *path) {
    const struct output *output = output_or_die(read->format);
    struct book book;
    struct entries walk = {0};
    struct book_entry entry = {0};
    int more;
    open_or_die(&book, path);
    bool terminal = isatty(STDOUT_FILENO) != 0;
    fputs(output->header, stdout);
    while ((more = entries_next(&book, &walk, &entry)) > 0)
        output->write(stdout, entry.name, entry.office, terminal);
    flush_or_die();
    die_unless_intact(&book, path);
    if (more < 0)
        die(STATUS_CONFIG, "%s: broken after entry %lu", path, (unsigned long)walk.next);
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
    if (age < 0)
        fputs(", made in the future", stdout);
    else if (age < 2)
        fputs(age == 0 ? ", made just now" : ", made 1 second ago", stdout);
    else
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
    print_entries(": sound, ", entries);
    printf(", %lu bytes", (unsigned long)book.image.size);
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

/* True if the answer to name, which is found, is a list. */
static bool is_answered_by_list(const struct book *book, struct span name) {
    static char bytes[OFFICES_LINES_MAX];
    struct text lines = {.at = bytes, .cap = sizeof(bytes)};
    return offices_find(fold_trim(name), book, SPAN("\n"), &lines) == 2;
}

/* Calls the service itself, so that the answer is the one that a client gets. */
static int run_query(const struct book_options *read, const char *path, char *name) {
    static char bytes[ANSWER_MAX];
    struct book book;
    struct text answer = {.at = bytes, .cap = sizeof(bytes)};
    struct request request = {.at = name, .len = strlen(name), .ending = ENDING_EOF};
    struct request_context context = {.book = &book};
    open_or_die(&book, path);
    enum result result = lookup_service.answer(&request, &context, &answer);
    bool is_list = result == RESULT_HIT && is_answered_by_list(&book, span_of(name));
    die_unless_intact(&book, path);
    if (read->json)
        book_json_print(name, result, is_list, text_span(&answer));
    else
        print_answer(text_span(&answer));
    flush_or_die();
    if (result == RESULT_FAULT)
        die(STATUS_CONFIG, "%s: broken", path);
    return result == RESULT_HIT ? 0 : result == RESULT_MISS ? 1 : STATUS_USAGE;
}

static int run(const struct book_options *read, const char *name, char **rest, int count) {
    const char *about = name;
    if (strcmp(name, "help") == 0)
        about = count > 0 ? rest[0] : "";
    if (read->help)
        command_help(about);
    enum command_bit command = command_or_die(name, count);
    if (command != HELP)
        check_options(read, command);
    switch (command) {
    case COMPILE: return run_compile(read, rest, count);
    case LIST: return run_list(read, rest[0]);
    case CHECK: return run_check(rest[0]);
    case QUERY: return run_query(read, rest[0], rest[1]);
    case HELP: break;
    }
    command_help(about);
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
    cli_occupy_standard();
    sigbus_catch();
    if (sigbus_try(run_job, &job) < 0)
        die(STATUS_CONFIG, "%s: changed in place while it was read",
            argv[strcmp(argv[optind], "compile") == 0 ? argc - 1 : optind + 1]);
    return job.status;
}
