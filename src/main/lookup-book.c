/* lookup-book: makes and inspects address books. */
#include "import/compile.h"
#include "import/entries.h"
#include "import/verify.h"
#include "main/cli.h"
#include "main/version.h"
#include "mechanism/log.h"
#include "services/service.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char usage[] =
    "Usage: lookup-book compile [--format plain] [--strict] [--force] SOURCE BOOK\n"
    "       lookup-book list BOOK\n"
    "       lookup-book check BOOK\n"
    "       lookup-book query BOOK NAME\n"
    "\n"
    "compile  makes BOOK of SOURCE (\"-\": standard input), lines of NAME = OFFICE\n"
    "  --strict  one name with two offices is an error\n"
    "  --force   an empty SOURCE may replace a book that is not\n"
    "list     prints the entries, as compile takes them\n"
    "check    verifies every record of a book\n"
    "query    prints what lookup-handler would answer; exits 1 if it knows no such name\n"
    "--help, --version\n";

/* Errors of a source look as a compiler's do: FILE:LINE: WHAT. */
static void print_problem(const char *file, unsigned long line, const char *what) {
    const char *shown = strcmp(file, "-") == 0 ? "(standard input)" : file;
    if (line > 0)
        fprintf(stderr, "%s:%lu: %s\n", shown, line, what);
    else
        fprintf(stderr, "%s: %s\n", shown, what);
}

static void print_progress(unsigned long entries) {
    if (isatty(STDERR_FILENO) == 0)
        return;
    if (entries > 0)
        fprintf(stderr, "\r%lu entries", entries);
    else
        fputs("\r\033[K", stderr);
}

static void open_or_die(struct book *book, const char *path) {
    if (book_open(book, path) == 0)
        return;
    if (errno == EBADMSG)
        die(STATUS_CONFIG, "%s: not an address book, or a broken one", path);
    die(errno == ENOENT ? STATUS_NO_INPUT : STATUS_SYSTEM, "%s: %s", path, strerror(errno));
}

static void flush_or_die(void) {
    if (fflush(stdout) == EOF || ferror(stdout))
        die(STATUS_SYSTEM, "standard output: %s", strerror(errno));
}

static int run_compile(const struct compile_order *order) {
    struct compile_summary summary;
    int status = compile(order, &summary);
    if (status != 0)
        return status;
    printf("%s: %lu entries", order->book, summary.entries);
    if (summary.shared > 0)
        printf(", %lu of them further offices of a name", summary.shared);
    if (summary.duplicates > 0)
        printf(", duplicates left out: %lu", summary.duplicates);
    putchar('\n');
    flush_or_die();
    return 0;
}

static int run_list(const char *path) {
    struct book book;
    struct entries walk = {0};
    struct book_entry entry;
    int more;
    open_or_die(&book, path);
    while ((more = entries_next(&book.image, &walk, &entry)) > 0) {
        fwrite(entry.name.at, 1, entry.name.len, stdout);
        fputs(" = ", stdout);
        fwrite(entry.office.at, 1, entry.office.len, stdout);
        putchar('\n');
    }
    flush_or_die();
    if (more < 0)
        die(STATUS_CONFIG, "%s: broken after %lu entries", path, walk.number);
    return 0;
}

/* In the largest unit of which there are two. */
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
    if (fault != NULL)
        die(STATUS_CONFIG, "%s: %s", path, fault);
    printf("%s: sound, %lu entries, %lu bytes", path, entries, (unsigned long)book.image.size);
    if (stat(path, &st) == 0)
        print_age(st.st_mtime);
    putchar('\n');
    flush_or_die();
    return 0;
}

/* The service itself is asked, so the answer is what a client would get. */
static int run_query(const char *path, char *name) {
    static char bytes[ANSWER_MAX];
    struct book book;
    struct text answer = {.at = bytes, .cap = sizeof(bytes)};
    struct request request = {.at = name, .len = strlen(name), .ending = ENDING_EOF};
    struct world world = {.book = &book};
    open_or_die(&book, path);
    enum result result = lookup_service.answer(&request, &world, &answer);
    fwrite(answer.at, 1, answer.len, stdout);
    putchar('\n');
    flush_or_die();
    if (result == RESULT_FAULT)
        die(STATUS_CONFIG, "%s: broken", path);
    return result == RESULT_HIT ? 0 : result == RESULT_MISS ? 1 : STATUS_USAGE;
}

static struct compile_order read_options(int argc, char **argv) {
    static const struct option options[] = {
        {"format", required_argument, NULL, 'f'}, {"strict", no_argument, NULL, 's'},
        {"force", no_argument, NULL, 'F'},        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'V'},      {NULL, 0, NULL, 0},
    };
    struct compile_order order = {.report = {print_problem, print_progress}};
    int option;
    opterr = 0;
    while ((option = getopt_long(argc, argv, ":", options, NULL)) != -1) {
        switch (option) {
        case 'f':
            if (strcmp(optarg, "plain") != 0)
                die(STATUS_USAGE, "no such format: %s", optarg);
            break;
        case 's': order.strict = true; break;
        case 'F': order.force = true; break;
        case 'h': cli_print_and_exit(usage);
        case 'V': cli_print_and_exit("lookup-book " VERSION "\n");
        default: die(STATUS_USAGE, "%s", cli_option_fault(option, argv));
        }
    }
    return order;
}

int main(int argc, char **argv) {
    log_open("lookup-book");
    struct compile_order order = read_options(argc, argv);
    const char *command = optind < argc ? argv[optind] : "";
    char **rest = argv + optind + 1;
    int count = argc - optind - 1;
    if (strcmp(command, "compile") == 0 && count == 2) {
        order.source = rest[0];
        order.book = rest[1];
        return run_compile(&order);
    }
    if (order.strict || order.force)
        die(STATUS_USAGE, "--strict and --force are for: compile SOURCE BOOK");
    if (strcmp(command, "list") == 0 && count == 1)
        return run_list(rest[0]);
    if (strcmp(command, "check") == 0 && count == 1)
        return run_check(rest[0]);
    if (strcmp(command, "query") == 0 && count == 2)
        return run_query(rest[0], rest[1]);
    die(STATUS_USAGE, "it takes compile SOURCE BOOK, list BOOK, check BOOK or query BOOK NAME; "
                      "see --help");
}
