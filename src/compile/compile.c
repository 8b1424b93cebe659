#include "compile/compile.h"

#include "compile/compilation.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

static int fill(struct compilation *c) {
    if (maker_start(&c->maker, c->new.fd, c->order->exact_only) < 0)
        return say_book(c, EX_IOERR);
    int status = gather(c);
    if (status != 0)
        return status;
    if (maker_finish(&c->maker) < 0)
        return say_book(c, EX_IOERR);
    status = duplicates_settle(c);
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
