/* lookup-book: makes and inspects address books. */
#include "import/entries.h"
#include "import/verify.h"
#include "main/book-options.h"
#include "main/cli.h"
#include "mechanism/log.h"
#include "services/service.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static void print_progress(unsigned long count, const char *of) {
    if (isatty(STDERR_FILENO) == 0)
        return;
    if (count > 0)
        fprintf(stderr, "\r\033[K%lu %s", count, of);
    else
        fputs("\r\033[K", stderr);
}

/* Errors of a source look as a compiler's do: FILE:LINE: WHAT. */
static void print_problem(const char *file, unsigned long line, const char *what) {
    print_progress(0, NULL);
    if (line > 0)
        fprintf(stderr, "%s:%lu: %s\n", file, line, what);
    else
        fprintf(stderr, "%s: %s\n", file, what);
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

static int run_compile(struct compile_order *order, char **paths, int count) {
    struct compile_summary summary;
    order->sources = paths;
    order->count = (unsigned)count - 1;
    order->book = paths[count - 1];
    order->report = (struct compile_report){print_problem, print_progress};
    signal(SIGXFSZ, SIG_IGN); /* a limit on the size of files is an error like a full disk */
    int status = compile(order, &summary);
    if (status != 0)
        return status;
    printf("%s: %lu entries, %lu names, %lu duplicates left out, %lu skipped", order->book,
           summary.entries, summary.names, summary.duplicates, summary.skipped);
    if (summary.passed > 0)
        printf(", %lu without a name or an office", summary.passed);
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
    while ((more = entries_next(&book, &walk, &entry)) > 0) {
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

int main(int argc, char **argv) {
    log_open("lookup-book");
    struct book_options options = read_book_options(argc, argv);
    const char *command = optind < argc ? argv[optind] : "";
    char **rest = argv + optind + 1;
    int count = argc - optind - 1;
    if (strcmp(command, "compile") == 0 && count >= 2)
        return run_compile(&options.order, rest, count);
    if (options.given != NULL)
        die(STATUS_USAGE, "--%s is for: compile SOURCE ... BOOK", options.given);
    if (strcmp(command, "list") == 0 && count == 1)
        return run_list(rest[0]);
    if (strcmp(command, "check") == 0 && count == 1)
        return run_check(rest[0]);
    if (strcmp(command, "query") == 0 && count == 2)
        return run_query(rest[0], rest[1]);
    die(STATUS_USAGE, "it takes compile SOURCE ... BOOK, list BOOK, check BOOK or query BOOK NAME; "
                      "see --help");
}
