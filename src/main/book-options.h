/* The options of lookup-book. */
#ifndef LOOKUP_BOOK_OPTIONS_H
#define LOOKUP_BOOK_OPTIONS_H

#include "import/compile.h"

struct book_options {
    struct compile_order order; /* what the options say of it, no more */
    const char *given;          /* one of those that only compile has; NULL: none was */
};

/* Reads them, getopt_long(3) leaving optind behind; --help and --version are
 * answered, and a wrong one dies. */
struct book_options read_book_options(int argc, char **argv);

#endif
