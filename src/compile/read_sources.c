#include "compile/compilation.h"
#include "formats/input.h"

#include <errno.h>
#include <string.h>
#include <sysexits.h>

/* One source being read. */
struct gathering {
    struct compilation *c;
    unsigned source;
    struct input input;
    bool troubled; /* it has an error */
    int status;    /* to stop with, once it is not 0 */
};

/* With --keep-going an error stops nothing yet. */
static void tell(struct gathering *g, unsigned long line, const char *what, int status) {
    say_place(g->c, (struct place){g->source, line}, what, status);
    g->troubled = true;
    if (g->c->status == 0)
        g->c->status = status;
    if (!g->c->order->keep_going)
        g->status = status;
}

/* What a reader makes of the line in which the file failed is not true. */
static bool is_cut(const struct gathering *g) {
    return ferror_unlocked(g->input.stream) != 0;
}

static int take_entry(void *context, const struct entry *entry) {
    struct gathering *g = context;
    struct compilation *c = g->c;
    if (is_cut(g))
        return -1;
    if (maker_add(&c->maker, entry) < 0 ||
        lines_add(&c->lines, (struct place){g->source, entry->line}) < 0) {
        g->status = say_book(c, EX_IOERR);
        return -1;
    }
    if (++c->summary->entries % PROGRESS_EVERY == 0)
        c->order->report.progress(c->summary->entries, "entries");
    return 0;
}

static int take_problem(void *context, unsigned long line, const char *what) {
    struct gathering *g = context;
    char skipped[256];
    if (is_cut(g))
        return -1;
    if (!g->c->order->skip_bad) {
        tell(g, line, what, EX_DATAERR);
        return g->status == 0 ? 0 : -1;
    }
    snprintf(skipped, sizeof(skipped), "skipped: %s", what);
    g->c->summary->skipped++;
    return say_place(g->c, (struct place){g->source, line}, skipped, 0);
}

static int take_loss(void *context, unsigned long line, const char *what) {
    struct gathering *g = context;
    if (!is_cut(g))
        tell(g, line, what, EX_DATAERR);
    return -1;
}

static int take_pass(void *context, unsigned long line) {
    struct gathering *g = context;
    (void)line;
    g->c->summary->passed++;
    return 0;
}

static void read_source(struct gathering *g, const struct format *format) {
    const struct taker taker = {take_entry, take_problem, take_loss, take_pass, g};
    unsigned long line = 0;
    int result = format->read(g->input.stream, &g->c->order->how, &taker);
    if (is_cut(g)) {
        const char *what = input_fault(&g->input, &line);
        tell(g, line, what, EX_DATAERR);
    } else if (result < 0 && !g->troubled && g->status == 0) {
        tell(g, 0, strerror(errno), EX_OSERR);
    }
}

/* True if there is a book with at least one name in it. */
static bool has_names(const char *path) {
    struct book book;
    struct cdb_record record = {0};
    if (book_open(&book, path) < 0)
        return false;
    bool some = cdbread_walk(&book.image, &record) > 0;
    book_close(&book);
    return some;
}

static int gather_source(struct compilation *c, unsigned source) {
    const struct compile_order *order = c->order;
    const char *path = order->sources[source];
    struct gathering g = {.c = c, .source = source};
    unsigned long before = c->summary->entries;
    if (input_open(&g.input, path, order->how.charset) < 0) {
        tell(&g, 0, strerror(errno), EX_NOINPUT);
        return g.status;
    }
    fstat(g.input.fd, &c->opened[source]);
    read_source(&g, order->format != NULL ? order->format : format_of(path));
    input_close(&g.input);
    bool empty = c->summary->entries == before && !g.troubled && g.status == 0;
    if (empty && !order->force && has_names(order->book))
        tell(&g, 0, "no entry in it; the book that has some is kept (see --force)", EX_DATAERR);
    return g.status;
}

int gather(struct compilation *c) {
    int status = 0;
    for (unsigned i = 0; i < c->order->count && status == 0; i++)
        status = gather_source(c, i);
    return status;
}

static bool is_same(const struct stat *a, const struct stat *b) {
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

int check_unchanged(const struct compilation *c) {
    struct stat now;
    for (unsigned i = 0; i < c->order->count; i++) {
        const char *path = c->order->sources[i];
        if (!S_ISREG(c->opened[i].st_mode) || strcmp(path, "-") == 0)
            continue;
        if (stat(path, &now) < 0 || !is_same(&c->opened[i], &now))
            return say_place(c, (struct place){i, 0}, "changed while it was read", EX_TEMPFAIL);
    }
    return 0;
}
