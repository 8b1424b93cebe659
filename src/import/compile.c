#include "import/compile.h"

#include "import/compilation.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

int say(const struct compilation *c, const char *file, unsigned long line, const char *what,
        int status) {
    c->order->report.problem(file, line, what);
    return status;
}

const char *source_name(const struct compilation *c, unsigned source) {
    const char *path = c->order->sources[source];
    return strcmp(path, "-") == 0 ? "(standard input)" : path;
}

int say_place(const struct compilation *c, struct place place, const char *what, int status) {
    return say(c, source_name(c, place.source), place.line, what, status);
}

int say_book(const struct compilation *c, int status) {
    const char *why = strerror(errno);
    if (errno == EINVAL)
        why = "not a regular file";
    else if (errno == EOVERFLOW && c->order->exact_only)
        why = "a book cannot be larger than 4 GiB";
    else if (errno == EOVERFLOW)
        why = "a book cannot be larger than 4 GiB; --exact-only makes a smaller one";
    return say(c, c->order->book, 0, why, status);
}

static int fill(struct compilation *c) {
    if (maker_start(&c->maker, c->new.fd, c->order->exact_only) < 0)
        return say_book(c, EX_IOERR);
    int status = gather(c);
    if (status != 0)
        return status;
    if (maker_finish(&c->maker) < 0)
        return say_book(c, EX_IOERR);
    status = settle_twins(c);
    return status != 0 || c->order->exact_only ? status : index_words(c);
}

/* The sources are looked at again as late as can be: what changes after that
 * is no part of this book. */
static int make(struct compilation *c) {
    int status = fill(c);
    if (status == 0 && replacement_sync(&c->new) < 0)
        status = say_book(c, EX_CANTCREAT);
    if (status == 0)
        status = check_unchanged(c);
    if (status == 0 && replacement_commit(&c->new) < 0)
        status = say_book(c, EX_CANTCREAT);
    c->order->report.progress(0, NULL);
    return status;
}

int compile(const struct compile_order *order, struct compile_summary *summary) {
    struct stat *opened = calloc(order->count, sizeof(*opened));
    struct compilation c = {.order = order, .summary = summary, .opened = opened};
    int status;
    *summary = (struct compile_summary){0};
    if (opened == NULL)
        return say_book(&c, EX_OSERR);
    status = replacement_begin(&c.new, order->book) < 0 ? say_book(&c, EX_CANTCREAT) : make(&c);
    maker_close(&c.maker);
    replacement_end(&c.new);
    free(c.twins.at);
    lines_free(&c.lines);
    free(opened);
    return status;
}
