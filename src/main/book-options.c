#include "main/book-options.h"

#include "import/charset.h"
#include "main/cli.h"
#include "main/version.h"

#include <getopt.h>

static const char usage[] =
    "Usage: lookup-book compile [OPTION ...] SOURCE ... BOOK\n"
    "       lookup-book list BOOK\n"
    "       lookup-book check BOOK\n"
    "       lookup-book query BOOK NAME\n"
    "\n"
    "compile  makes BOOK of all SOURCEs (\"-\": standard input)\n"
    "  --format plain|csv|ldif|vcard   their format, if not as their names end\n"
    "  --charset NAME                  their charset, if not UTF-8\n"
    "  --name-column, --office-column COLUMN   of CSV, by its header\n"
    "  --office-attribute NAME         of LDIF\n"
    "  --strict      one name with two offices is an error\n"
    "  --force       an empty SOURCE may replace a book that is not\n"
    "  --keep-going  lists every error before it fails\n"
    "  --skip-bad    leaves out each entry that has an error\n"
    "  --exact-only  makes no word index\n"
    "list     prints the entries, as compile takes them\n"
    "check    verifies every record of a book\n"
    "query    prints what lookup-handler would answer; exits 1 if it knows no such name\n"
    "--help, --version\n";

static const struct option options[] = {
    {"format", required_argument, NULL, 'f'},
    {"charset", required_argument, NULL, 'c'},
    {"name-column", required_argument, NULL, 'n'},
    {"office-column", required_argument, NULL, 'o'},
    {"office-attribute", required_argument, NULL, 'a'},
    {"strict", no_argument, NULL, 's'},
    {"force", no_argument, NULL, 'F'},
    {"keep-going", no_argument, NULL, 'k'},
    {"skip-bad", no_argument, NULL, 'b'},
    {"exact-only", no_argument, NULL, 'x'},
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

struct book_options read_book_options(int argc, char **argv) {
    struct book_options read = {0};
    struct compile_order *order = &read.order;
    int option;
    int which = 0;
    opterr = 0;
    while ((option = getopt_long(argc, argv, ":", options, &which)) != -1) {
        switch (option) {
        case 'f': order->format = format_or_die(optarg); break;
        case 'c': order->how.charset = charset_or_die(optarg); break;
        case 'n': order->how.name_column = optarg; break;
        case 'o': order->how.office_column = optarg; break;
        case 'a': order->how.office_attribute = optarg; break;
        case 's': order->strict = true; break;
        case 'F': order->force = true; break;
        case 'k': order->keep_going = true; break;
        case 'b': order->skip_bad = true; break;
        case 'x': order->exact_only = true; break;
        case 'h': cli_print_and_exit(usage);
        case 'V': cli_print_and_exit("lookup-book " VERSION "\n");
        default: die(STATUS_USAGE, "%s", cli_option_fault(option, argv));
        }
        read.given = options[which].name;
    }
    return read;
}
